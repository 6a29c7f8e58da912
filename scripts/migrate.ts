import { loadConfigOrThrow } from "../config/index.ts";
import { Database } from "../lib/sql/database.ts";
import { migrateDown, migrateUp } from "../lib/sql/migrator.ts";

/** `npm run migrate` brings the schema up to date; `npm run migrate -- down` takes the newest step back. */
const direction = process.argv[2] ?? "up";
if (direction !== "up" && direction !== "down") {
  process.stderr.write(`migrate: unknown direction ${JSON.stringify(direction)}: expected up or down\n`);
  process.exit(2);
}
const { database: config } = loadConfigOrThrow();
const database = new Database(config);
const names = await (direction === "up" ? migrateUp : migrateDown)(database, config);
process.stdout.write(names.length > 0 ? `${direction}: ${names.join(", ")}\n` : "nothing to do\n");
await database.close();
