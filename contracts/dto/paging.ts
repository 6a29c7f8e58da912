import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { Count, Nullable } from "./scalars.ts";

/** Largest page; more is cut to it. */
export const MAX_PAGE_SIZE = 100;

/** `page * size` beyond this is refused: deep reading goes by cursor. */
export const MAX_OFFSET = 10_000;

/** Paging parameters of a list; put them beside the list's own parameters. */
export function pagingParams(defaultSize: number) {
  return {
    page: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        default: 0,
        description: "Zero-based page",
      }),
    ),
    size: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        default: defaultSize,
        description: `Rows of a page; more than ${MAX_PAGE_SIZE} is cut to ${MAX_PAGE_SIZE}`,
      }),
    ),
    cursor: Type.Optional(
      Type.String({ maxLength: 500, description: "`nextCursor` of the page before; wins over `page`" }),
    ),
  };
}

export interface PagingInput {
  readonly page?: number;
  readonly size?: number;
  readonly cursor?: string;
}

/** A piece of a list without totals. */
export function Scroll<T extends TSchema>(item: T) {
  return Type.Object({
    content: Type.Array(item),
    page: Count,
    size: Count,
    hasNext: Type.Boolean(),
    nextCursor: Nullable(Type.String()),
  });
}

/** A piece of a list with its real totals. */
export function Page<T extends TSchema>(item: T) {
  return Type.Composite([
    Scroll(item),
    Type.Object({
      totalElements: Count,
      totalPages: Count,
      hasPrevious: Type.Boolean(),
      first: Type.Boolean(),
      last: Type.Boolean(),
    }),
  ]);
}

const AnyScroll = Scroll(Type.Unknown());
export type ScrollOf<T> = Omit<Static<typeof AnyScroll>, "content"> & { content: T[] };
export type PageOf<T> = ScrollOf<T> & {
  totalElements: number;
  totalPages: number;
  hasPrevious: boolean;
  first: boolean;
  last: boolean;
};
