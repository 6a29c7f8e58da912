import { SqliteFile, type SqliteOptions } from "./sqlite-file.ts";

/** What Sequelize reads of `this` in a callback: it asks for the class by this very name. */
class Statement {
  lastID = 0;
  changes = 0;
}

type Callback = (this: Statement, error: Error | null, rows?: unknown) => void;

const IS_READ = /^\s*(SELECT|PRAGMA|EXPLAIN)\b/i;
const IS_BEGIN = /^\s*BEGIN\b/i;
const IS_END = /^\s*(COMMIT|END|ROLLBACK)\b(?!.*\bTO\b)/is;
const IS_SCHEMA_CHANGE = /^\s*(CREATE|ALTER|DROP)\b/i;
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
    readonly #file: SqliteFile | undefined;

    constructor(filename: string, _mode: number, opened: (error: Error | null) => void) {
      this.filename = filename;
      let failure: Error | null = null;
      try {
        this.#file = fileOf(filename);
      } catch (error) {
        failure = error as Error;
      }
      // Sequelize looks the object up in the callback, so it must have been returned before.
      queueMicrotask(() => opened(failure));
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
      this.#file?.abandon(this);
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
      if (!file) throw new Error("The database file could not be opened");
      if (IS_BEGIN.test(text)) return file.begin(this);
      if (IS_END.test(text)) return file.end(this, text);
      if (IS_TABLE_INFO.test(text)) return file.tableInfo(this, text);
      if (IS_READ.test(text)) return file.read(this, text, params);
      if (IS_SCHEMA_CHANGE.test(text)) file.forgetTableInfo();
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
