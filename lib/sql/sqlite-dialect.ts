import { nextTurnIfLong } from "./event-loop-turn.ts";
import { SqliteFile, type SqliteOptions } from "./sqlite-file.ts";

/** What Sequelize reads of `this` in a callback: it asks for the class by this very name. */
class Statement {
  lastID = 0;
  changes = 0;
}

type Callback = (this: Statement, error: Error | null, rows?: unknown) => void;

const IS_READ = /^\s*(SELECT|PRAGMA|EXPLAIN|WITH\b(?!.*\b(INSERT|UPDATE|DELETE|REPLACE)\b))\b/is;
const IS_BEGIN = /^\s*BEGIN\b/i;
const IS_END = /^\s*(COMMIT|END|ROLLBACK)\b(?!.*\bTO\b)/is;
const IS_SETTING = /^\s*PRAGMA\s+[\w.]+\s*=/i;
/** Sequelize says so on every new connection, which is how files are opened anyway. */
const IS_OPENING_SETTING = /^PRAGMA FOREIGN_KEYS=ON$/;
const IS_TABLE_INFO = /^\s*PRAGMA TABLE_INFO/i;

/**
 * The part of the `sqlite3` package that Sequelize uses, over Node's own `node:sqlite`:
 * nothing to compile, and no deadlock of a synchronous driver with itself, since writers of a process queue.
 * `closeAll` closes the files; Sequelize never does.
 */
export function createSqliteDialectModule(options: SqliteOptions = {}) {
  const files = new Map<string, SqliteFile>();

  function fileOf(path: string): SqliteFile {
    const file = files.get(path) ?? new SqliteFile(path, options);
    files.set(path, file);
    return file;
  }

  /** A connection as Sequelize sees it: one for everything outside transactions, one more for each transaction. */
  class Database {
    readonly filename: string;
    /** Set by Sequelize on the connections of transactions. */
    uuid?: string;
    readonly #file: SqliteFile;

    /** @throws SQLITE_MISUSE for a database in memory */
    constructor(filename: string, _mode: number, opened: (error: Error | null) => void) {
      this.filename = filename;
      this.#file = fileOf(filename);
      // Sequelize keeps this object even after a failure, so each statement opens the file if need be.
      this.#file.open().then(() => opened(null), opened);
    }

    serialize(work: () => void): void {
      work();
    }

    run(text: string, params?: unknown, callback?: Callback): this {
      return this.#start("run", text, params, callback);
    }

    all(text: string, params?: unknown, callback?: Callback): this {
      return this.#start("all", text, params, callback);
    }

    close(callback?: (error: Error | null) => void): void {
      this.#file.abandon(this);
      callback?.(null);
    }

    #start(method: "run" | "all", text: string, params: unknown, callback: Callback | undefined): this {
      const [values, done] =
        typeof params === "function" ? [undefined, params as Callback] : [params, callback];
      const statement = new Statement();
      this.#execute(method, text, values, statement).then(
        (rows) => done?.call(statement, null, rows),
        (error: Error) => done?.call(statement, error),
      );
      return this;
    }

    async #execute(
      method: "run" | "all",
      text: string,
      params: unknown,
      statement: Statement,
    ): Promise<unknown> {
      const file = this.#file;
      // Not delayed: the end of a transaction lets the next writer in.
      if (IS_END.test(text)) return file.end(this, text);
      const turn = nextTurnIfLong();
      if (turn) await turn;
      if (IS_BEGIN.test(text)) return file.begin(this);
      if (IS_TABLE_INFO.test(text)) return file.tableInfo(this, text);
      if (IS_OPENING_SETTING.test(text)) return [];
      if (IS_SETTING.test(text)) return file.set(this, text).then(() => []);
      if (IS_READ.test(text)) return file.read(this, text, params);
      if (method === "all") return file.write(this, (writer) => writer.all(text, params));
      const { changes, lastInsertRowid } = await file.write(this, (writer) => writer.run(text, params));
      statement.changes = Number(changes);
      statement.lastID = Number(lastInsertRowid);
      return undefined;
    }
  }

  return {
    Database,
    Statement,
    OPEN_READONLY: 1,
    OPEN_READWRITE: 2,
    OPEN_CREATE: 4,
    verbose() {
      return this;
    },
    closeAll(): void {
      for (const file of files.values()) file.close();
      files.clear();
    },
  };
}
