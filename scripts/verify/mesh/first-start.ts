import { configOrThrow } from "../../../config/index.ts";
import { Database } from "../../../lib/sql/database.ts";
import { MIGRATIONS_TABLE } from "../../../lib/sql/schema-version.ts";
import { sql, trusted } from "../../../lib/sql/sql.ts";
import { MIGRATIONS } from "../../../migrations/index.ts";
import { Mesh } from "../events/mesh.ts";
import type { Verdict } from "../events/verdict.ts";
import { GROUP_NAMES, startGroup } from "./groups.ts";
import type { MeshScenario } from "./scenario.ts";

/** All processes at once on an empty database: the schema is made by one of them. */
export const firstStart: MeshScenario = async ({ servers, say }) => {
  const mesh = await Mesh.create(servers, "start");
  const database = new Database(configOrThrow({ DATABASE_URL: mesh.environment.DATABASE_URL }).database);
  try {
    const processes = await Promise.all(GROUP_NAMES.map((group) => startGroup(mesh, group)));
    say(`${processes.length} processes started at once`);
    const ran = await database.select<{ name: string }>(
      sql`SELECT name FROM ${trusted(MIGRATIONS_TABLE)} ORDER BY name`,
    );
    const keys = await database.select(sql`SELECT 1 FROM jwt_keys WHERE primary_slot = 1`);
    await mesh.stopOrThrow();
    const isComplete = ran.map(({ name }) => name).join() === MIGRATIONS.map(({ name }) => name).join();
    return {
      figures: {
        "migrations recorded": `${ran.length} of ${MIGRATIONS.length}`,
        "primary keys": keys.length,
      },
      differences: isComplete ? [] : [`recorded: ${ran.map(({ name }) => name).join(", ")}`],
    } satisfies Verdict;
  } finally {
    await database.close();
    await mesh.remove();
  }
};
