import { DataTypes } from "sequelize";
import { Database } from "../../lib/sql/database.ts";
import { sql } from "../../lib/sql/sql.ts";

/** Child of the SQLite tests: counts up in read-modify-write transactions, `argv`: file, times. */
const [file = "", times = "0"] = process.argv.slice(2);
const database = new Database({ kind: "sqlite", file });
database.sequelize.define("counters", {
  id: { type: DataTypes.INTEGER, primaryKey: true },
  n: DataTypes.INTEGER,
});
for (let index = 0; index < Number(times); index++) {
  await database.transaction(async (transaction) => {
    const row = await database.selectOne<{ n: number }>(sql`SELECT n FROM counters WHERE id = 1`, {
      transaction,
    });
    await database.execute(sql`UPDATE counters SET n = ${(row?.n ?? 0) + 1} WHERE id = 1`, { transaction });
  });
}
await database.close();
