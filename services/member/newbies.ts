import type { MemberSummaryDto } from "../../contracts/dto/member.ts";
import { type PagingInput, pagingParams, type ScrollOf } from "../../contracts/dto/paging.ts";
import { type ListOrder, pageRequestOrThrow, scrollOf, shownRows } from "../../lib/paging/page-request.ts";
import { toSummary } from "./member.mapper.ts";
import type { MemberRepositories } from "./member.types.ts";

const DEFAULT_SIZE = 10;

export const NEWBIE_PARAMS = pagingParams(DEFAULT_SIZE);

const ORDER: ListOrder<readonly [number], { id: number }> = {
  name: "newbies",
  keys: 1,
  keyOf: ({ id }) => [id],
};

/** Members the reader doesn't follow yet, newest first. Two statements. */
export async function readNewbies(
  { members }: MemberRepositories,
  readerId: number,
  paging: PagingInput,
): Promise<ScrollOf<MemberSummaryDto>> {
  const request = pageRequestOrThrow(ORDER, paging, DEFAULT_SIZE);
  const rows = await members.listNewbieIds(readerId, request);
  const ids = shownRows(request, rows).map(({ id }) => id);
  const summaries = await members.listSummaries(ids, readerId);
  return scrollOf(
    ORDER,
    request,
    rows,
    summaries.map((row) => toSummary(row, readerId)),
  );
}
