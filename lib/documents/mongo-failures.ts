import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  type WriteError,
} from "mongodb";
import { domainError } from "../../contracts/errors.ts";

const DUPLICATE_KEY = 11_000;

/** Errors of a server that is away, hung or stepping down, by name: some have no class of their own in common. */
const UNAVAILABLE_NAMES = new Set([
  "MongoServerSelectionError",
  "MongoNetworkTimeoutError",
  "MongoNotConnectedError",
  "MongoTopologyClosedError",
  "MongoClientClosedError",
  "MongoPoolClosedError",
  "MongoPoolClearedError",
  "MongoWaitQueueTimeoutError",
  "MongoOperationTimeoutError",
]);

/**
 * Turns "the store is away" into the contract's error; everything else passes on.
 * The driver's error stays as `cause` for the log.
 */
export async function translateMongoUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    throw Object.assign(domainError("SERVICE_UNAVAILABLE", { retryAfter: 1 }), { cause: error });
  }
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof MongoError)) return false;
  // A bulk write that never reached the server holds the driver's own error here.
  if (error instanceof MongoServerError && isUnavailable(error.errorResponse)) return true;
  if (error instanceof MongoNetworkError || UNAVAILABLE_NAMES.has(error.name)) return true;
  return error.hasErrorLabel("RetryableWriteError") || error.hasErrorLabel("TransientTransactionError");
}

/**
 * Runs an unordered bulk write; answers the positions of the documents that exist already.
 * @throws every other failure
 */
export async function duplicatesOf(write: () => Promise<unknown>): Promise<number[]> {
  try {
    await write();
    return [];
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const failures: readonly WriteError[] = [error.writeErrors].flat();
    if (failures.length === 0 || failures.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
    return failures.map(({ index }) => index);
  }
}

export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}
