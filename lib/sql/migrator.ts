import { DatabaseSync } from "node:sqlite";
import { QueryTypes } from "sequelize";
import { SequelizeStorage, Umzug } from "umzug";
import type { DatabaseConfig } from "../../config/index.ts";
import { MIGRATIONS } from "../../migrations/index.ts";
import type { Database } from "./database.ts";
import { MIGRATIONS_TABLE } from "./schema-version.ts";

/** Seconds a starting process waits for another one's migrations. */
const LOCK_WAIT = 120;

/** Brings the schema up to date; answers the names of what ran. Safe to call from many processes at once. */
export async function migrateUp(database: Database, config: DatabaseConfig): Promise<string[]> {
  return withMigrationLock(database, config, async () =>
    (await umzugOf(database).up()).map(({ name }) => name),
  );
}

/** Takes back the newest migration; answers its name. */
export async function migrateDown(database: Database, config: DatabaseConfig): Promise<string[]> {
  return withMigrationLock(database, config, async () =>
    (await umzugOf(database).down()).map(({ name }) => name),
  );
}

function umzugOf(database: Database) {
  const context = database.sequelize.getQueryInterface();
  return new Umzug({
    migrations: MIGRATIONS.map(({ name, up, down }) => ({
      name,
      up: () => up(context),
      down: () => down(context),
    })),
    storage: new SequelizeStorage({ sequelize: database.sequelize, tableName: MIGRATIONS_TABLE }),
    logger: undefined,
  });
}

async function withMigrationLock<T>(
  database: Database,
  config: DatabaseConfig,
  work: () => Promise<T>,
): Promise<T> {
  return config.kind === "sqlite" ? withFileLock(config.file, work) : withServerLock(database, work);
}

/**
 * SQLite: a write transaction on a second file, which the system lets go when the process dies.
 * Waiting blocks this process, which has nothing else to do yet.
 */
async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = new DatabaseSync(`${file}.migration-lock`, { timeout: LOCK_WAIT * 1_000 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return await work();
  } finally {
    lock.close();
  }
}

/** MySQL: a named lock, held by the transaction's connection while the migrations run on others. */
async function withServerLock<T>(database: Database, work: () => Promise<T>): Promise<T> {
  return database.sequelize.transaction(async (transaction) => {
    const run = (text: string) =>
      database.sequelize.query<{ got: number }>(text, { type: QueryTypes.SELECT, transaction });
    // Named locks belong to the whole server: the database's name keeps neighbours apart (64 characters at most).
    const name = "CONCAT('migrate:', LEFT(SHA2(DATABASE(), 256), 40))";
    const [row] = await run(`SELECT GET_LOCK(${name}, ${LOCK_WAIT}) AS got`);
    if (row?.got !== 1) throw new Error(`Another process holds the migration lock for over ${LOCK_WAIT} s`);
    try {
      return await work();
    } finally {
      await run(`SELECT RELEASE_LOCK(${name}) AS got`);
    }
  });
}
