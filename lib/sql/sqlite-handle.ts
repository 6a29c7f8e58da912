import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
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
/** Sequelize takes every SQLITE_CONSTRAINT that isn't a foreign key's for a unique key's; these are neither. */
const EXTENDED_CODES: Readonly<Record<number, string>> = {
  275: "SQLITE_CONSTRAINT_CHECK",
  1299: "SQLITE_CONSTRAINT_NOTNULL",
};
/** What a synchronous driver that was closed answers. */
const NOT_OPEN = "ERR_INVALID_STATE";

export function sqliteError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}

export function isBusy(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown };
  return code === "SQLITE_BUSY" || code === "SQLITE_LOCKED";
}

interface Prepared {
  readonly statement: StatementSync;
  /** Result columns declared to hold bytes. */
  readonly bytes: readonly string[];
}

type Row = Record<string, SQLOutputValue | undefined>;

/** One open connection to a file, with its prepared statements; errors as the `sqlite3` package makes them. */
export class SqliteHandle {
  readonly #database: DatabaseSync;
  readonly #statements = new LRUCache<string, Prepared>({ max: PREPARED_STATEMENTS });

  constructor(path: string) {
    this.#database = translated(
      () => new DatabaseSync(path, { timeout: SHORT_WAIT, enableForeignKeyConstraints: true }),
    );
    // NORMAL: with a write-ahead log, a killed process loses nothing; a power cut may lose the last commits.
    try {
      this.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY");
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get isInTransaction(): boolean {
    return this.#database.isTransaction;
  }

  exec(text: string): void {
    translated(() => this.#database.exec(text));
  }

  all(text: string, params: unknown): unknown[] {
    return translated(() => {
      const { statement, bytes } = this.#prepared(text);
      const rows: Row[] = statement.all(...boundValues(params));
      return bytes.length > 0 ? rows.map((row) => withBuffers(row, bytes)) : rows;
    });
  }

  run(text: string, params: unknown): { changes: number | bigint; lastInsertRowid: number | bigint } {
    return translated(() => this.#prepared(text).statement.run(...boundValues(params)));
  }

  /** Counts the changes of the schema, by whichever process. */
  schemaVersion(): unknown {
    return translated(() => this.#prepared("PRAGMA schema_version").statement.get()?.schema_version);
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #prepared(text: string): Prepared {
    const known = this.#statements.get(text);
    if (known) return known;
    const statement = this.#database.prepare(text);
    // Sequelize hands over values of parameters that a statement doesn't use.
    statement.setAllowUnknownNamedParameters(true);
    const columns = statement.columns().filter(({ type }) => /BLOB|BINARY/i.test(type ?? ""));
    const prepared = { statement, bytes: columns.map(({ name }) => name) };
    this.#statements.set(text, prepared);
    return prepared;
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
  // node:sqlite binds every number as REAL: 5 would be stored as "5.0" in a TEXT column, and 5 / 2 be 2.5.
  if (Number.isSafeInteger(value)) return BigInt(value as number);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  return (value ?? null) as SQLInputValue;
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const {
      code: nodeCode,
      errcode,
      message,
    } = error as { code?: string; errcode?: number; message: string };
    if (nodeCode === NOT_OPEN) throw sqliteError("SQLITE_MISUSE", message);
    if (errcode === undefined) throw error;
    const code = EXTENDED_CODES[errcode] ?? CODES[errcode & 0xff] ?? "SQLITE_ERROR";
    throw Object.assign(sqliteError(code, message), { errno: errcode & 0xff, cause: error });
  }
}

/** The `sqlite3` package answers bytes as Buffer, and Sequelize passes on what it gets. */
function withBuffers(row: Row, bytes: readonly string[]): Row {
  for (const name of bytes) {
    const value = row[name];
    if (value instanceof Uint8Array)
      row[name] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  return row;
}
