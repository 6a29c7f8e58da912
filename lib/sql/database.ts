import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import mysql2 from "mysql2";
import { QueryTypes, Sequelize, type Transaction } from "sequelize";
import type { DatabaseConfig } from "../../config/index.ts";
import { retryOnConflict, translateUnavailable } from "./failures.ts";
import { NO_SQL, type Sql, trusted } from "./sql.ts";
import { createSqliteDialectModule } from "./sqlite-dialect.ts";

/** Within a transaction a statement names it; outside, none. */
export interface StatementOptions {
  readonly transaction?: Transaction;
}

export interface PoolUse {
  readonly inUse: number;
  readonly idle: number;
  /** Statements that have no connection: all are in use, or one is being opened. */
  readonly waiting: number;
  readonly isFull: boolean;
}

export type StatementListener = (statement: string) => void;

/** Connections of one process; the group's share of the server's limit. */
const POOL_SIZE = 10;
/** Milliseconds until a request that finds no free connection gives up: one attempt's time of the time-out table. */
const ACQUIRE_TIMEOUT = 3_000;

/** The relational store, the same to its users on MySQL/MariaDB and on SQLite. */
export class Database {
  readonly sequelize: Sequelize;
  readonly dialect: DatabaseConfig["kind"];
  /** Ends a SELECT that locks its rows for this transaction. SQLite has one writer at a time and needs none. */
  readonly forUpdate: Sql;
  /** Ends a SELECT whose rows must not change until this transaction ends. */
  readonly forShare: Sql;
  readonly #listeners = new Set<StatementListener>();
  readonly #closeFiles: () => void;

  constructor(config: DatabaseConfig) {
    this.dialect = config.kind;
    this.forUpdate = config.kind === "mysql" ? trusted(" FOR UPDATE") : NO_SQL;
    // MariaDB doesn't know MySQL 8's FOR SHARE; both know the older form.
    this.forShare = config.kind === "mysql" ? trusted(" LOCK IN SHARE MODE") : NO_SQL;
    const onStatement: StatementListener = (statement) => {
      for (const listener of this.#listeners) listener(statement);
    };
    if (config.kind === "mysql") {
      this.sequelize = connectToServer(config.url, onStatement);
      this.#closeFiles = () => {};
    } else {
      const dialectModule = createSqliteDialectModule();
      this.sequelize = openFile(config.file, dialectModule, onStatement);
      this.#closeFiles = dialectModule.closeAll;
    }
  }

  /**
   * Written after a table's name and alias, makes MySQL read by this index; SQLite needs no advice.
   * For pages by cursor: MariaDB 10.11 reads `a = ? AND id < ? ORDER BY id DESC` from the newest row of `a` on instead
   * of from the cursor (55,010 rows for a page of 10 in the middle of 100,000, with this 11).
   */
  byIndex(name: string): Sql {
    return this.dialect === "mysql" ? trusted(` FORCE INDEX (${name})`) : NO_SQL;
  }

  /**
   * Rows of a hot read, as plain objects.
   * @throws SERVICE_UNAVAILABLE when the store can't be reached
   */
  async select<Row extends object>(query: Sql, options: StatementOptions = {}): Promise<Row[]> {
    return translateUnavailable(() =>
      this.sequelize.query<Row>(query.text, {
        bind: [...query.values],
        type: QueryTypes.SELECT,
        raw: true,
        transaction: options.transaction ?? null,
      }),
    );
  }

  /** The first row, or undefined. */
  async selectOne<Row extends object>(query: Sql, options?: StatementOptions): Promise<Row | undefined> {
    return (await this.select<Row>(query, options))[0];
  }

  /** Runs an UPDATE or DELETE; answers how many rows it changed (MySQL doesn't count rows left as they were). */
  async execute(query: Sql, options: StatementOptions = {}): Promise<number> {
    return translateUnavailable(() =>
      this.sequelize.query(query.text, {
        bind: [...query.values],
        type: QueryTypes.BULKUPDATE,
        transaction: options.transaction ?? null,
      }),
    );
  }

  /** Runs an INSERT; answers the new row's auto-increment id. */
  async insert(query: Sql, options: StatementOptions = {}): Promise<number> {
    const [id] = await translateUnavailable(() =>
      this.sequelize.query(query.text, {
        bind: [...query.values],
        type: QueryTypes.INSERT,
        transaction: options.transaction ?? null,
      }),
    );
    return id;
  }

  /**
   * Runs `work` in a transaction, again (up to 3 times more) after a deadlock or lock wait.
   * Inside, only SQL of this database may be awaited, each statement with the transaction given:
   * anything else holds row locks while it waits, or deadlocks on the pool.
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return translateUnavailable(() => retryOnConflict(() => this.sequelize.transaction(work)));
  }

  /** Calls the listener with every statement from now on; returns the way to stop. */
  onStatement(listener: StatementListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws SERVICE_UNAVAILABLE when the store doesn't answer */
  async ping(): Promise<void> {
    await translateUnavailable(() =>
      this.sequelize.query("SELECT 1", { type: QueryTypes.SELECT, raw: true }),
    );
  }

  /** Of the pool's connections to the server; undefined where there is no pool, on SQLite. */
  get poolUse(): PoolUse | undefined {
    if (this.dialect !== "mysql") return undefined;
    const { pool } = this.sequelize.connectionManager as unknown as {
      pool: { using: number; available: number; waiting: number };
    };
    const { using: inUse, available: idle, waiting } = pool;
    return { inUse, idle, waiting, isFull: inUse >= POOL_SIZE };
  }

  async close(): Promise<void> {
    await this.sequelize.close();
    this.#closeFiles();
  }
}

const SHARED_OPTIONS = {
  retry: { max: 1 },
  pool: { max: POOL_SIZE, min: 0, acquire: ACQUIRE_TIMEOUT, idle: 10_000 },
  define: { timestamps: false, freezeTableName: true, underscored: true },
};

function openFile(file: string, dialectModule: object, logging: StatementListener): Sequelize {
  makeFolder(dirname(file));
  return new Sequelize({ ...SHARED_OPTIONS, dialect: "sqlite", dialectModule, storage: file, logging });
}

/** Folder by folder: where nothing can be made, such as in /proc, Node's own recursive way never returns. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(folder)) throw error;
  }
}

function connectToServer(url: string, logging: StatementListener): Sequelize {
  const sequelize = new Sequelize(url.replace(/^mariadb:/, "mysql:"), {
    ...SHARED_OPTIONS,
    dialect: "mysql",
    dialectModule: mysql2,
    timezone: "+00:00",
    logging,
    dialectOptions: {
      connectTimeout: ACQUIRE_TIMEOUT,
      charset: "utf8mb4",
      // The driver's own. Sequelize's is called for each value, which doubles a read's cost, and matters for dates and
      // geometries only; no table has any.
      typeCast: true,
      // The server counts prepared statements of all connections together (16,382 by default).
      maxPreparedStatements: 200,
    },
  });
  // Row locks only, no gap locks: our unique keys and locked rows carry the rules. Once per connection,
  // since Sequelize's own option costs a round trip in every transaction.
  sequelize.addHook("afterConnect", async (connection) => {
    const { promise } = connection as { promise(): { query(text: string): Promise<unknown> } };
    await promise.call(connection).query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  });
  return sequelize;
}
