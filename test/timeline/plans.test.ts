import { QueryTypes } from "sequelize";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ScrollOf } from "../../contracts/dto/paging.ts";
import timelineService from "../../services/timeline/timeline.service.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";
import { statementsOf } from "../support/statements.ts";
import { LISTS } from "./timeline-lists.ts";
import { World } from "./world.ts";

/** What SQLite does for each list's ids: the index it searches, and whether it sorts. */
const PLANS: Readonly<Record<string, { readonly index: string; readonly sorts?: string }>> = {
  followings: { index: "ix_posts_author (author_id=? AND is_deleted=?", sorts: "merges the followees" },
  "listMostPopularPosts, all": { index: "ix_posts_score (is_deleted=?" },
  "listMostPopularPosts, month": {
    index: "ix_posts_created (is_deleted=? AND created_at>?",
    sorts: "a window",
  },
  "listMostPopularPosts, week": {
    index: "ix_posts_created (is_deleted=? AND created_at>?",
    sorts: "a window",
  },
  "listMostPopularPosts, day": {
    index: "ix_posts_created (is_deleted=? AND created_at>?",
    sorts: "a window",
  },
  "listMostCommentedPosts, all": { index: "ix_posts_commented (is_deleted=?" },
  "listMostCommentedPosts, month": {
    index: "ix_posts_created (is_deleted=? AND created_at>?",
    sorts: "a window",
  },
  "listMostCommentedPosts, week": {
    index: "ix_posts_created (is_deleted=? AND created_at>?",
    sorts: "a window",
  },
  "listMostCommentedPosts, day": {
    index: "ix_posts_created (is_deleted=? AND created_at>?",
    sorts: "a window",
  },
  recent: { index: "ix_posts_recent (is_deleted=?" },
  mine: { index: "ix_posts_author (author_id=? AND is_deleted=?" },
  "an author's": { index: "ix_posts_author (author_id=? AND is_deleted=?" },
  "date range": { index: "ix_posts_recent (is_deleted=? AND id>? AND id<?)" },
  "comments of a post": { index: "ix_comments_post (post_id=? AND depth=? AND is_deleted=?" },
  "all comments of a post": { index: "ix_comments_post (post_id=? AND depth=? AND is_deleted=?" },
  replies: { index: "ix_comments_parent (parent_id=? AND is_deleted=?" },
  "my comments": { index: "ix_comments_author (author_id=? AND is_deleted=?" },
  "a member's comments": { index: "ix_comments_author (author_id=? AND is_deleted=?" },
};

/** On a server the rows it reads are counted instead: see rows-read.test.ts. */
describe.skipIf(process.env.TEST_DATABASE_URL)("SQLite's plan", () => {
  let app: ServiceUnderTest;
  let world: World;
  beforeAll(async () => {
    app = await startServices(timelineService);
    world = await World.create(app.database);
  });
  afterAll(() => app?.stop());

  async function planOf(statement: string): Promise<string[]> {
    const text = statement.replace(/^Executing \(\w+\): /, "");
    const count = new Set(text.match(/\$\d+/g)).size;
    const rows = await app.database.sequelize.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, {
      type: QueryTypes.SELECT,
      raw: true,
      bind: new Array<number>(count).fill(1),
    });
    return rows.map(({ detail }) => detail);
  }

  const readFor = async (action: string, params: object) => {
    let page: ScrollOf<unknown> | undefined;
    const statements = await statementsOf(app.database, async () => {
      page = await app.call(`timeline.${action}`, params, world.reader);
    });
    return { statements, cursor: page?.nextCursor };
  };

  test("is asked for every list", () => {
    expect(Object.keys(PLANS)).toEqual(LISTS.map(({ name }) => name));
  });

  test.each(LISTS)("of $name searches its index and sorts nothing", async ({ name, action, params }) => {
    const first = await readFor(action, { ...params(world), size: 2 });
    const second = await readFor(action, { ...params(world), size: 2, cursor: first.cursor });
    // SQLite may choose another plan for a long list of ids.
    const long = await readFor(action, { ...params(world), size: 100 });
    const { index, sorts } = PLANS[name] ?? { index: "none" };
    for (const statements of [first.statements, second.statements, long.statements]) {
      const [ids, rows] = [statements.at(-2) ?? "", statements.at(-1) ?? ""];
      const plan = await planOf(ids);
      expect(plan.join("\n")).toContain(index);
      expect(plan.filter((step) => /^SCAN (?!same_value|lower_values|of_level)/.test(step))).toEqual([]);
      // Ranges of one page each are merged (a ranking's two after a cursor, the levels of comments); that is sorted,
      // the ranges are not.
      const sorting = plan.filter(
        (step, place) =>
          /TEMP B-TREE/.test(step) &&
          !/^SCAN (same_value|lower_values|of_level_\d)$/.test(plan[place - 1] ?? ""),
      );
      if (sorts) expect(sorting, sorts).toEqual(["USE TEMP B-TREE FOR ORDER BY"]);
      else expect(sorting).toEqual([]);

      const hydration = (await planOf(rows)).join("\n");
      expect(hydration).toMatch(
        /^SEARCH [pc] USING (INTEGER PRIMARY KEY \(rowid=\?\)|INDEX ix_posts_recent \(is_deleted=\? AND id=\?)/,
      );
      expect(hydration).toMatch(/uq_(post|comment)_likes_once \((post|comment)_id=\? AND member_id=\?\)/);
      expect(hydration).not.toMatch(/SCAN|TEMP B-TREE/);
    }
  });

  test("of a range's totals reads only its index", async () => {
    const [totals = ""] = (
      await readFor("listPostsInDateRange", {
        startDate: "2024-01-01T00:00:00Z",
        endDate: "2024-01-02T00:00:00Z",
      })
    ).statements;
    expect(await planOf(totals)).toEqual([
      "SEARCH posts USING COVERING INDEX ix_posts_created (is_deleted=? AND created_at>? AND created_at<?)",
    ]);
  });
});
