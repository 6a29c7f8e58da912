import { createConnection } from "mysql2/promise";
import { configOrThrow, loadConfigOrThrow } from "../../config/index.ts";
import { Database } from "../../lib/sql/database.ts";
import { migrateUp } from "../../lib/sql/migrator.ts";
import { insertMembers, insertTexts, refreshStatistics } from "./feed-data.ts";
import { costOf, FEED_PAGES, type PageCost } from "./feed-pages.ts";

/**
 * `npm run bench:feed-rows` counts the rows that the server of DATABASE_URL reads for a page of each list, with 10,000
 * posts and comments and with 1,000,000, in a database of its own that it removes again. Exits with 1 when a page
 * reads more than 1.1 times as many.
 */
const SMALL = 10_000;
const LARGE = 1_000_000;
const MAX_GROWTH = 1.1;

const { database: target } = loadConfigOrThrow();
if (target.kind !== "mysql") {
  process.stderr.write(
    "bench:feed-rows: DATABASE_URL is not set: expected the URL of a MySQL or MariaDB server\n",
  );
  process.exit(2);
}
const url = new URL(target.url);
// Begins with the given database's name: a test user has rights on those.
const name = `${url.pathname.slice(1)}_bench_${process.pid}`;
url.pathname = `/${name}`;
const { database: config } = configOrThrow({ DATABASE_URL: url.href });

const admin = await createConnection(target.url);
await admin.query(`CREATE DATABASE \`${name}\``);
const database = new Database(config);
try {
  await migrateUp(database, config);
  await insertMembers(database);
  const small = await costsWith(SMALL, 0);
  const large = await costsWith(LARGE, SMALL);
  process.exitCode = report(small, large) ? 0 : 1;
} finally {
  await database.close();
  await admin.query(`DROP DATABASE \`${name}\``);
  await admin.end();
}

async function costsWith(total: number, existing: number): Promise<PageCost[]> {
  process.stderr.write(`writing ${total - existing} posts and comments ...\n`);
  await insertTexts(database, existing, total, LARGE);
  await refreshStatistics(database);
  const costs: PageCost[] = [];
  for (const page of FEED_PAGES) costs.push(await costOf(database, page, total));
  return costs;
}

function report(small: readonly PageCost[], large: readonly PageCost[]): boolean {
  const columns = [
    "shown",
    `rows read, ${SMALL}`,
    `rows read, ${LARGE}`,
    "growth",
    `ms, ${SMALL}`,
    `ms, ${LARGE}`,
  ];
  const lines = [["list", ...columns]];
  let isFlat = true;
  FEED_PAGES.forEach((page, index) => {
    const [before, after] = [small[index] as PageCost, large[index] as PageCost];
    const growth = after.rowsRead / before.rowsRead;
    if (growth > MAX_GROWTH || before.rowsShown !== after.rowsShown) isFlat = false;
    const figures = [after.rowsShown, before.rowsRead, after.rowsRead, growth.toFixed(3)];
    const times = [before.milliseconds.toFixed(1), after.milliseconds.toFixed(1)];
    lines.push([page.name, ...figures.map(String), ...times]);
  });
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  for (const line of lines) {
    const cells = line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    process.stdout.write(`${cells.join("  ")}\n`);
  }
  process.stdout.write(isFlat ? "no page grows\n" : `a page grows beyond ${MAX_GROWTH}\n`);
  return isFlat;
}
