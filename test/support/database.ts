import { QueryTypes } from "sequelize";
import { configOrThrow } from "../../config/index.ts";
import { Database } from "../../lib/sql/database.ts";
import type { Store } from "./service.ts";

/** A second connection to the database of a running product, to look and to meddle. */
export interface TestDatabase {
  select<Row extends object>(statement: string): Promise<Row[]>;
  run(statement: string): Promise<void>;
  close(): Promise<void>;
}

export function openDatabase(store: Store): TestDatabase {
  const database = new Database(configOrThrow(store.env).database);
  return {
    select: (statement) =>
      database.sequelize.query(statement, { type: QueryTypes.SELECT, raw: true }) as never,
    run: async (statement) => {
      await database.sequelize.query(statement, { type: QueryTypes.RAW });
    },
    close: () => database.close(),
  };
}
