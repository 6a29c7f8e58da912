import { type ScrollPage, walkByCursor } from "../client/list-walk.ts";
import type { MemberSession } from "../client/member-session.ts";
import type { OraclePost } from "./oracle.ts";

/** A row of a list, as far as the oracle knows it. */
interface PostRow {
  readonly id: number;
  readonly content: string;
  readonly authorHandle: string | null;
  readonly viewCount: number;
  readonly likeCount: number;
  readonly commentCount: number;
  readonly liked: boolean;
}

export interface ListCheck {
  readonly session: MemberSession;
  readonly handle: string;
  /** `/timeline/posts/followings` */
  readonly path: string;
  readonly expected: readonly OraclePost[];
  /** The ids that the system gave to the posts, by the position of their text. */
  readonly postIds: readonly number[];
  readonly by: "page" | "cursor";
  readonly size: number;
  readonly maxRows: number;
}

/** A page that begins beyond this many rows is refused: the rest is reached by cursor only. */
export const MAX_PAGED_ROWS = 10_000;

/** Walks a list and gives how many rows were equal to the expected ones, and the first difference if there is one. */
export async function compareList(check: ListCheck): Promise<{ rows: number; difference?: string }> {
  const { session, path, by, size } = check;
  const maxRows = by === "page" ? Math.min(check.maxRows, MAX_PAGED_ROWS) : check.maxRows;
  const expected = check.expected.slice(0, maxRows);
  const walk =
    by === "page"
      ? walkByPage<PostRow>(session, path, size, maxRows)
      : walkByCursor<PostRow>(session, path, size, maxRows);
  let rows = 0;
  for await (const row of walk) {
    const post = expected[rows];
    const wanted = post ? describeExpected(post, check) : "the end of the list";
    const found = describe(row);
    if (found !== wanted) return { rows, difference: differenceAt(check, rows, wanted, found) };
    rows++;
  }
  const missing = expected[rows];
  if (!missing) return { rows };
  const wanted = describeExpected(missing, check);
  return { rows, difference: differenceAt(check, rows, wanted, "the end of the list") };
}

async function* walkByPage<T>(
  session: MemberSession,
  path: string,
  size: number,
  maxRows: number,
): AsyncGenerator<T> {
  let rows = 0;
  for (let page = 0; page * size <= MAX_PAGED_ROWS && rows < maxRows; page++) {
    const answer = await session.call<ScrollPage<T>>({
      method: "GET",
      path: `${path}?page=${page}&size=${size}`,
    });
    for (const row of answer.content) {
      if (rows++ >= maxRows) return;
      yield row;
    }
    if (!answer.hasNext) return;
  }
}

function differenceAt(check: ListCheck, row: number, wanted: string, found: string): string {
  return [
    `${check.path} of ${check.handle} by ${check.by}, size ${check.size}, row ${row}:`,
    `  expected ${wanted}`,
    `  found    ${found}`,
  ].join("\n");
}

function describe(row: PostRow): string {
  const { id, authorHandle, content, viewCount, likeCount, commentCount, liked } = row;
  return JSON.stringify([id, authorHandle, content, viewCount, likeCount, commentCount, liked]);
}

function describeExpected(post: OraclePost, { postIds, handle }: ListCheck): string {
  return describe({
    id: postIds[post.position] ?? Number.NaN,
    authorHandle: post.authorHandle,
    content: post.content,
    viewCount: 0,
    likeCount: post.likeCount,
    commentCount: post.commentCount,
    liked: post.likedBy.has(handle),
  });
}
