import { setTimeout as delay } from "node:timers/promises";
import {
  BaseError,
  ConnectionAcquireTimeoutError,
  ConnectionError,
  TimeoutError,
  UniqueConstraintError,
} from "sequelize";
import { domainError, isDomainError } from "../../contracts/errors.ts";
import { blameStore } from "../resilience/call-failures.ts";

const CONFLICT_RETRIES = 3;
const CONFLICT_CODES = new Set(["ER_LOCK_DEADLOCK", "ER_LOCK_WAIT_TIMEOUT", "SQLITE_BUSY"]);
const CONNECTION_CODES = new Set([
  "PROTOCOL_CONNECTION_LOST",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ER_SERVER_SHUTDOWN",
  "ER_CON_COUNT_ERROR",
  "ER_OPTION_PREVENTS_STATEMENT",
]);

/** A unique key by both names it goes by in driver errors: MySQL tells the index, SQLite the columns. */
export interface UniqueKey {
  readonly index: string;
  readonly columns: readonly string[];
}

/** Was this error raised by that unique key? */
export function violates(error: unknown, key: UniqueKey): boolean {
  if (!(error instanceof UniqueConstraintError)) return false;
  const fields: unknown = error.fields;
  const names = Array.isArray(fields) ? fields.map(String) : Object.keys(fields ?? {});
  return (
    names.some((name) => name === key.index || name.endsWith(`.${key.index}`)) ||
    (names.length === key.columns.length && key.columns.every((column) => names.includes(column)))
  );
}

function driverCode(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { code, parent, original } = error as { code?: unknown; parent?: unknown; original?: unknown };
  if (typeof code === "string") return code;
  // A statement's failure, translated already, still tells its transaction whether to try again.
  return driverCode(parent ?? original ?? error.cause);
}

/** Runs `work` again after a deadlock or lock wait, at most 3 times more, with a growing random pause. */
export async function retryOnConflict<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= CONFLICT_RETRIES || !CONFLICT_CODES.has(driverCode(error))) throw error;
      await delay(Math.random() * 20 * 2 ** attempt);
    }
  }
}

/**
 * Turns "the store is away or too busy" into the contract's error; everything else passes on.
 * The driver's error stays as `cause` for the log.
 */
export async function translateUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUnavailable(error) || isDomainError(error, "SERVICE_UNAVAILABLE")) throw error;
    const unavailable = Object.assign(domainError("SERVICE_UNAVAILABLE", { retryAfter: 1 }), {
      cause: error,
    });
    throw isAway(error) ? blameStore(unavailable) : unavailable;
  }
}

/** There is no server to talk to; one that is only too busy is something else. */
function isAway(error: unknown): boolean {
  const code = driverCode(error);
  if (error instanceof ConnectionAcquireTimeoutError || code === "ER_CON_COUNT_ERROR") return false;
  return error instanceof ConnectionError || CONNECTION_CODES.has(code);
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof ConnectionError || error instanceof TimeoutError) return true;
  const code = driverCode(error);
  return (
    (error instanceof BaseError || error instanceof Error) &&
    (CONNECTION_CODES.has(code) || CONFLICT_CODES.has(code))
  );
}
