import { SearchUnavailableError } from "../search-index.ts";

/** A collection that isn't there: it was replaced or given up meanwhile, or the server lost it. */
export class MissingCollectionError extends Error {
  override readonly name = "MissingCollectionError";
}

/** What exists under a name already. */
export class NameTakenError extends Error {
  override readonly name = "NameTakenError";
}

/** Statuses that pass: the key will be put right, the server isn't ready yet, it is told to slow down. */
const PASSING = [401, 403, 408, 429];

/** The server takes no write until it has room again, with status 422. */
const NO_ROOM = /OUT_OF_(?:DISK|MEMORY)/;

const LONGEST_MESSAGE = 300;

/** What a status and the server's words about it mean. */
export function failureOf(status: number, said: string): Error {
  const message = `Typesense answers ${status}: ${said.slice(0, LONGEST_MESSAGE)}`;
  if (status >= 500 || PASSING.includes(status) || NO_ROOM.test(said))
    return new SearchUnavailableError(message);
  if (status === 404 && !/field/.test(said)) return new MissingCollectionError(message);
  if (status === 409) return new NameTakenError(message);
  return new Error(message);
}

/**
 * What an error of the client means. Nothing of the error goes along but its code and the server's words: it holds the
 * key, and the texts of members.
 */
export function translated(error: unknown): Error {
  const { httpStatus, message, code } = error as Record<"httpStatus" | "message" | "code", unknown>;
  if (typeof httpStatus === "number") {
    return failureOf(httpStatus, String(message).replace(/^.*?Server said: /, ""));
  }
  if (typeof code === "string") return new SearchUnavailableError(`Typesense can't be reached: ${code}`);
  // An answer that is no JSON comes from something else than Typesense, such as a proxy.
  if (error instanceof SyntaxError) return new SearchUnavailableError("Typesense's answer can't be read");
  return error instanceof Error ? error : new Error(String(error));
}

/** What is to be taken away may be gone already. */
export async function ignoringMissing(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof MissingCollectionError)) throw error;
  }
}
