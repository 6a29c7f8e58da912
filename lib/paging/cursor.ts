import { domainError } from "../../contracts/errors.ts";

/** Where the next page of a list begins: after these sort values. `page` is that page's ordinal in the walk. */
export interface Position<K extends readonly number[]> {
  readonly page: number;
  readonly after: K;
}

const MAX_PAGE = Number.MAX_SAFE_INTEGER;

/**
 * An opaque text for a position. `list` names the list and its filters,
 * so that a cursor of another list is refused instead of answering nonsense.
 */
export function encodeCursor(list: string, position: Position<readonly number[]>): string {
  return Buffer.from(JSON.stringify([list, position.page, ...position.after])).toString("base64url");
}

/**
 * The position in a cursor of `list` with `keys` sort values.
 * @throws INVALID_CURSOR for anything this list didn't make
 */
export function decodeCursorOrThrow<K extends readonly number[]>(
  list: string,
  keys: K["length"],
  cursor: string,
): Position<K> {
  const parts = parsed(cursor);
  if (!Array.isArray(parts) || parts.length !== keys + 2 || parts[0] !== list)
    throw domainError("INVALID_CURSOR");
  const [page, ...after] = parts.slice(1);
  const isKey = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isKey(page) || page > MAX_PAGE || !after.every(isKey)) throw domainError("INVALID_CURSOR");
  return { page, after: after as unknown as K };
}

function parsed(cursor: string): unknown {
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}
