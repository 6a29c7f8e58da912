import { domainError } from "../../contracts/errors.ts";

/** A value that a list is sorted by: a whole number, or a document's id. */
export type SortValue = number | string;

/** How many whole numbers an order has, or what each of its values is. */
export type SortKinds = number | readonly ("integer" | "uuid")[];

/** Where the next page of a list begins: after these sort values. `page` is that page's ordinal in the walk. */
export interface Position<K extends readonly SortValue[]> {
  readonly page: number;
  readonly after: K;
}

const MAX_PAGE = Number.MAX_SAFE_INTEGER;

/**
 * An opaque text for a position. `list` names the list and its filters,
 * so that a cursor of another list is refused instead of answering nonsense.
 */
export function encodeCursor(list: string, position: Position<readonly SortValue[]>): string {
  return Buffer.from(JSON.stringify([list, position.page, ...position.after])).toString("base64url");
}

/**
 * The position in a cursor of `list` with sort values of these `keys`.
 * @throws INVALID_CURSOR for anything this list didn't make
 */
export function decodeCursorOrThrow<K extends readonly SortValue[]>(
  list: string,
  keys: SortKinds,
  cursor: string,
): Position<K> {
  const kinds = typeof keys === "number" ? new Array<"integer">(keys).fill("integer") : keys;
  const parts = parsed(cursor);
  if (!Array.isArray(parts) || parts.length !== kinds.length + 2 || parts[0] !== list)
    throw domainError("INVALID_CURSOR");
  const [page, ...after] = parts.slice(1);
  const isSortValue = (value: unknown, index: number) =>
    kinds[index] === "uuid" ? isUuid(value) : isOrdinal(value);
  if (!isOrdinal(page) || page > MAX_PAGE || !after.every(isSortValue)) throw domainError("INVALID_CURSOR");
  return { page, after: after as unknown as K };
}

function isOrdinal(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isUuid(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

function parsed(cursor: string): unknown {
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}
