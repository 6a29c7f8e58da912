import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import type { Database } from "../../lib/sql/database.ts";
import { leaseDatabase } from "../../lib/sql/shared-database.ts";
import { insertMembers, insertTexts, refreshStatistics } from "../../scripts/bench/feed-data.ts";
import { costOf, FEED_PAGES, type PageCost, TIMED_PAGES } from "../../scripts/bench/feed-pages.ts";
import { emptyStore, type Store } from "../support/service.ts";

const SMALL = 10_000;
const LARGE = 50_000;
const DAY_OF_MINUTES = 1_440;

/** SQLite doesn't count rows; its plans are held by plans.test.ts. */
describe.skipIf(!process.env.TEST_DATABASE_URL)("rows that the server reads for a page", () => {
  const pages = [...FEED_PAGES, ...TIMED_PAGES];
  const small = new Map<string, PageCost>();
  const large = new Map<string, PageCost>();
  let store: Store;
  let database: Database;
  let release: () => Promise<void>;

  beforeAll(async () => {
    store = await emptyStore();
    const lease = leaseDatabase(configOrThrow(store.env).database);
    ({ database, release } = lease);
    await lease.ready();
    await insertMembers(database);
    await insertTexts(database, 0, SMALL, SMALL);
    await refreshStatistics(database);
    for (const page of pages) small.set(page.name, await costOf(database, page, SMALL));
    await insertTexts(database, SMALL, LARGE, LARGE);
    await refreshStatistics(database);
    for (const page of pages) large.set(page.name, await costOf(database, page, LARGE));
  }, 120_000);
  afterAll(async () => {
    await release?.();
    await store?.remove();
  });

  test.each(FEED_PAGES)("$name: don't grow with the posts", ({ name }) => {
    const [before, after] = [small.get(name), large.get(name)];
    expect(before?.rowsShown).toBeGreaterThanOrEqual(10);
    expect(after?.rowsShown).toBe(before?.rowsShown);
    expect((after?.rowsRead ?? 0) / (before?.rowsRead ?? 0), JSON.stringify({ before, after })).toBeLessThan(
      1.1,
    );
  });

  test.each(TIMED_PAGES)("$name: are those of the time", ({ name }) => {
    // Each post of the time once or twice (to filter, then to sort), then the page itself.
    for (const cost of [small.get(name), large.get(name)]) {
      expect(cost?.rowsShown).toBe(20);
      expect(cost?.rowsRead).toBeGreaterThanOrEqual(DAY_OF_MINUTES);
      expect(cost?.rowsRead).toBeLessThan(2 * DAY_OF_MINUTES + 300);
    }
  });
});
