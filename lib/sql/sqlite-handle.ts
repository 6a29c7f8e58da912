import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { LRUCache } from "lru-cache";

/** Statements kept prepared; the product has about a hundred, lists of other lengths come on top. */
const PREPARED_STATEMENTS = 300;
/** Milliseconds SQLite itself waits for another process: just enough for a commit to pass. */
const SHORT_WAIT = 10;

/** Primary result codes of SQLite as the `sqlite3` package names them; Sequelize tells its errors by these. */
const CODES: Readonly<Record<number, string>> = {
  1: "SQLITE_ERROR",
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  8: "SQLITE_READONLY",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  19: "SQLITE_CONSTRAINT",
};

export function sqliteError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}

export function isBusy(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown };
  return code === "SQLITE_BUSY" || code === "SQLITE_LOCKED";
}

/** One open connection to a file, with its prepared statements; errors as the `sqlite3` package makes them. */
export class SqliteHandle {
  readonly #database: DatabaseSync;
  readonly #statements = new LRUCache<string, StatementSync>({ max: PREPARED_STATEMENTS });

  constructor(path: string) {
    this.#database = translated(
      () => new DatabaseSync(path, { timeout: SHORT_WAIT, enableForeignKeyConstraints: true }),
    );
    // NORMAL: with a write-ahead log, a killed process loses nothing; a power cut may lose the last commits.
    this.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY");
  }

  get isInTransaction(): boolean {
    return this.#database.isTransaction;
  }

  exec(text: string): void {
    translated(() => this.#database.exec(text));
  }

  all(text: string, params: unknown): unknown[] {
    return translated(() => this.#prepared(text).all(...boundValues(params)));
  }

  run(text: string, params: unknown): { changes: number | bigint; lastInsertRowid: number | bigint } {
    return translated(() => this.#prepared(text).run(...boundValues(params)));
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #prepared(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known) return known;
    const statement = this.#database.prepare(text);
    // Sequelize hands over values of parameters that a statement doesn't use.
    statement.setAllowUnknownNamedParameters(true);
    this.#statements.set(text, statement);
    return statement;
  }
}

type Bound = [] | [Record<string, SQLInputValue>] | SQLInputValue[];

/** Positional values come as a list, named ones as an object. */
function boundValues(params: unknown): Bound & SQLInputValue[] {
  if (params === undefined || params === null) return [];
  if (Array.isArray(params)) return params.map(boundValue);
  const named = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, boundValue(value)]));
  return [named] as unknown as Bound & SQLInputValue[];
}

function boundValue(value: unknown): SQLInputValue {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  return (value ?? null) as SQLInputValue;
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { errcode, message } = error as { errcode?: number; message: string };
    if (errcode === undefined) throw error;
    const code = CODES[errcode & 0xff] ?? "SQLITE_ERROR";
    throw Object.assign(sqliteError(code, message), { errno: errcode & 0xff, cause: error });
  }
}
