import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OutboxWriter } from "../../lib/outbox/outbox-writer.ts";
import { Database } from "../../lib/sql/database.ts";
import { defineContentModels } from "../../services/content/content.models.ts";
import { PostRepository } from "../../services/content/post.repository.ts";
import { ViewRepository } from "../../services/content/view.repository.ts";
import type { View } from "../../services/content/views.ts";
import { statementsOf } from "../support/statements.ts";
import { ContentApp } from "./content-app.ts";

const NOON = 1_700_000_000_000;
const HOUR = 3_600_000;

let app: ContentApp;
let author: number;
beforeAll(async () => {
  app = await ContentApp.start();
  [author = 0] = await app.members(1);
});
afterAll(() => app.stop());

const record = async (...views: View[]) =>
  (await app.services.call<{ counted: number }>("content.recordViews", { views })).counted;
const newPost = async () => (await app.post(author)).id;

describe("a view", () => {
  test("counts for the post and its score", async () => {
    const [postId, other] = [await newPost(), await newPost()];
    await app.call("likePost", { id: postId }, author);
    expect(
      await record(
        { postId, memberId: 901, viewedAt: NOON },
        { postId, memberId: 902, viewedAt: NOON },
        { postId: other, memberId: 901, viewedAt: NOON },
      ),
    ).toBe(3);
    expect(await app.postState(postId)).toMatchObject({ views: 2, likes: 1, score: 4 });
    expect(await app.postState(other)).toMatchObject({ views: 1, score: 1 });
    await app.expectExactCounters();
  });

  test("counts again one hour after the last counted one of that reader", async () => {
    const postId = await newPost();
    const at = (viewedAt: number) => record({ postId, memberId: 901, viewedAt });
    expect(await at(NOON)).toBe(1);
    expect(await at(NOON + HOUR - 1)).toBe(0);
    expect(await at(NOON - 10 * HOUR), "a straggler").toBe(0);
    expect(await at(NOON + HOUR)).toBe(1);
    expect(await at(NOON + 2 * HOUR - 1)).toBe(0);
    expect(await app.postState(postId)).toMatchObject({ views: 2, score: 2 });
  });

  test("counts once within a batch, and as often as hours have passed", async () => {
    const postId = await newPost();
    const times = [2 * HOUR, 0, 1, HOUR, 2 * HOUR + 1];
    const views = times.map((time) => ({ postId, memberId: 901, viewedAt: NOON + time }));
    expect(await record(...views, { postId, memberId: 902, viewedAt: NOON })).toBe(4);
    expect(await record(...views)).toBe(0);
    expect(await app.postState(postId)).toMatchObject({ views: 4, score: 4 });
  });

  test("is never the author's, nor of a post that is gone or never was, and is no edit", async () => {
    const post = await app.post(author);
    const deleted = await newPost();
    await app.call("deletePost", { id: deleted }, author);
    expect(
      await record(
        { postId: post.id, memberId: author, viewedAt: NOON },
        { postId: deleted, memberId: 901, viewedAt: NOON },
        { postId: 987_654_321, memberId: 901, viewedAt: NOON },
      ),
    ).toBe(0);
    expect(await record({ postId: post.id, memberId: 901, viewedAt: NOON })).toBe(1);
    expect(await app.postState(post.id)).toMatchObject({ views: 1, updatedAt: Date.parse(post.updatedAt) });
    expect(await app.postState(deleted)).toMatchObject({ views: 0, score: 0 });
  });
});

test("an empty batch is fine, one over 1,000 is refused", async () => {
  expect(await record()).toBe(0);
  const view = { postId: 1, memberId: 1, viewedAt: NOON };
  await expect(record(...new Array<View>(1_001).fill(view))).rejects.toMatchObject({
    type: "VALIDATION_ERROR",
  });
});

test("1,000 views of 1,000 readers take a fixed number of statements for each 250", async () => {
  const posts = [await newPost(), await newPost()];
  const views = Array.from({ length: 1_000 }, (_, index) => ({
    postId: posts[index % 2] as number,
    memberId: 10_000 + index,
    viewedAt: NOON,
  }));
  const statements = await statementsOf(app.database, async () => {
    expect(await record(...views)).toBe(1_000);
  });
  expect(statements.length, statements.map((statement) => statement.slice(0, 120)).join("\n")).toBe(4 * 6);
  expect(await app.postState(posts[0] as number)).toMatchObject({ views: 500, score: 500 });
  await app.expectExactCounters();
});

test("two nodes that record the same views at once, while posts are liked, count each once", async () => {
  const posts = await Promise.all(Array.from({ length: 5 }, newPost));
  const views = posts.flatMap((postId) =>
    Array.from({ length: 20 }, (_, index) => ({ postId, memberId: 20_000 + index, viewedAt: NOON })),
  );
  const neighbour = new Database(app.services.config.database);
  try {
    const models = defineContentModels(neighbour.sequelize);
    const outbox = new OutboxWriter(neighbour, { timeZone: "Asia/Seoul" });
    const node = new ViewRepository(neighbour, models, new PostRepository(neighbour, models, outbox));
    const results = await Promise.all([
      ...Array.from({ length: 5 }, () => [record(...views), node.record(views.toReversed())]).flat(),
      ...posts.flatMap((id) => [30_001, 30_002].map((member) => app.call("likePost", { id }, member))),
    ]);
    const counted = results.filter((result) => typeof result === "number");
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(100);
  } finally {
    await neighbour.close();
  }
  for (const postId of posts) {
    expect(await app.postState(postId)).toMatchObject({ views: 20, likes: 2, score: 24 });
  }
});
