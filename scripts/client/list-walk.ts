import type { MemberSession } from "./member-session.ts";

export interface ScrollPage<T> {
  readonly content: readonly T[];
  readonly page: number;
  readonly size: number;
  readonly hasNext: boolean;
  readonly nextCursor: string | null;
}

/** Every row of a list, newest or best first, page by page of `size`, by cursor; ends after `maxRows`. */
export async function* walkByCursor<T>(
  session: MemberSession,
  path: string,
  size: number,
  maxRows = Number.POSITIVE_INFINITY,
): AsyncGenerator<T> {
  const separator = path.includes("?") ? "&" : "?";
  let cursor: string | null = null;
  let rows = 0;
  do {
    const position: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: ScrollPage<T> = await session.call<ScrollPage<T>>({
      method: "GET",
      path: `${path}${separator}size=${size}${position}`,
    });
    for (const row of page.content) {
      if (rows++ >= maxRows) return;
      yield row;
    }
    cursor = page.nextCursor;
  } while (cursor !== null && rows < maxRows);
}
