import { type Static, Type } from "@sinclair/typebox";
import { MemberSummaryDto } from "../../contracts/dto/member.ts";
import { type PagingInput, pagingParams, Scroll, type ScrollOf } from "../../contracts/dto/paging.ts";
import {
  type ListOrder,
  type PageRequest,
  pageRequestOrThrow,
  scrollOf,
  shownRows,
} from "../../lib/paging/page-request.ts";
import type { FollowSide, Relation } from "./follow.repository.ts";
import { type SummaryRow, toSummary } from "./member.mapper.ts";
import type { MemberRepositories } from "./member.types.ts";

const DEFAULT_SIZE = 10;

type RelationKey = readonly [number];

export const FOLLOW_LIST_PARAMS = pagingParams(DEFAULT_SIZE);

/** Both first pages together have no cursor of their own: theirs belong to the lists of each side. */
export const FOLLOW_OVERVIEW_PARAMS = { page: FOLLOW_LIST_PARAMS.page, size: FOLLOW_LIST_PARAMS.size };

export const MemberScroll = Scroll(MemberSummaryDto);

export const FollowOverview = Type.Object({ followers: MemberScroll, followings: MemberScroll });
export type FollowOverview = Static<typeof FollowOverview>;

/** One page of a member's followers or followings, newest relation first. Two statements, three for another member. */
export async function readFollowList(
  repositories: MemberRepositories,
  side: FollowSide,
  memberId: number,
  readerId: number,
  paging: PagingInput,
): Promise<ScrollOf<MemberSummaryDto>> {
  await assertReadable(repositories, memberId, readerId);
  const page = await readRelations(repositories, side, memberId, paging);
  const summaries = await readSummaries(repositories, page.shown, readerId);
  return present(page, summaries, readerId);
}

/** The same page of both sides. Three statements, four for another member. */
export async function readFollowOverview(
  repositories: MemberRepositories,
  memberId: number,
  readerId: number,
  paging: PagingInput,
): Promise<FollowOverview> {
  await assertReadable(repositories, memberId, readerId);
  const [followers, followings] = await Promise.all([
    readRelations(repositories, "followers", memberId, paging),
    readRelations(repositories, "followings", memberId, paging),
  ]);
  const summaries = await readSummaries(repositories, [...followers.shown, ...followings.shown], readerId);
  return {
    followers: present(followers, summaries, readerId),
    followings: present(followings, summaries, readerId),
  };
}

interface RelationPage {
  readonly order: ListOrder<RelationKey, Relation>;
  readonly request: PageRequest<RelationKey>;
  readonly rows: readonly Relation[];
  readonly shown: readonly Relation[];
}

/** The gateway has let the reader in, so that member exists. */
async function assertReadable({ members }: MemberRepositories, memberId: number, readerId: number) {
  if (memberId !== readerId) await members.assertExistsOrThrow(memberId);
}

async function readRelations(
  { follows }: MemberRepositories,
  side: FollowSide,
  memberId: number,
  paging: PagingInput,
): Promise<RelationPage> {
  const order: ListOrder<RelationKey, Relation> = {
    name: `${side}:${memberId}`,
    keys: 1,
    keyOf: ({ id }) => [id],
  };
  const request = pageRequestOrThrow(order, paging, DEFAULT_SIZE);
  const rows = await follows.list(side, memberId, request);
  return { order, request, rows, shown: shownRows(request, rows) };
}

async function readSummaries(
  { members }: MemberRepositories,
  relations: readonly Relation[],
  readerId: number,
): Promise<Map<number, SummaryRow>> {
  const ids = new Set(relations.map(({ memberId }) => memberId));
  const rows = await members.listSummaries([...ids], readerId);
  return new Map(rows.map((row) => [row.memberId, row]));
}

function present(page: RelationPage, summaries: ReadonlyMap<number, SummaryRow>, readerId: number) {
  const content = page.shown.flatMap(({ memberId }) => {
    const row = summaries.get(memberId);
    return row ? [toSummary(row, readerId)] : [];
  });
  return scrollOf(page.order, page.request, page.rows, content);
}
