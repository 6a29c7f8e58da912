import type { ServiceSchema } from "moleculer";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { PostDto } from "../../contracts/dto/post.ts";
import { sql } from "../../lib/sql/sql.ts";
import contentService from "../../services/content/content.service.ts";
import timelineService from "../../services/timeline/timeline.service.ts";
import { insertMember } from "../support/fixtures.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";

let app: ServiceUnderTest | undefined;
afterEach(async () => {
  await app?.stop();
  app = undefined;
});

async function insertPost({ database }: ServiceUnderTest, authorId: number): Promise<number> {
  return database.insert(
    sql`INSERT INTO posts (author_id, content, created_at, updated_at) VALUES (${authorId}, 'text', 1, 1)`,
  );
}

async function viewsOf({ database }: ServiceUnderTest, id: number): Promise<number | undefined> {
  return (
    await database.selectOne<{ views: number }>(sql`SELECT view_count AS views FROM posts WHERE id = ${id}`)
  )?.views;
}

const SOON = { timeout: 20_000 };

/** In place of the content service: keeps what it is told, unless it is away. */
function receiver() {
  const received: { postId: number; memberId: number }[] = [];
  const state = { isAway: false, failures: 0 };
  const schema: ServiceSchema = {
    name: "content",
    actions: {
      recordViews(ctx) {
        if (state.isAway) {
          state.failures++;
          throw new Error("content is away");
        }
        received.push(...(ctx.params as { views: typeof received }).views);
        return { counted: 0 };
      },
    },
  };
  return { factory: () => schema, received, state };
}

describe("reading a post", () => {
  test("counts a view soon, for each reader once, never the author's", async () => {
    app = await startServices(contentService, timelineService);
    const author = await insertMember(app.database, "author");
    const postId = await insertPost(app, author);
    for (const member of [author, 901, 901, 902, author]) {
      expect(await app.call<PostDto>("timeline.getPost", { id: postId }, member)).toMatchObject({
        id: postId,
      });
    }
    const running = app;
    await vi.waitUntil(async () => (await viewsOf(running, postId)) === 2, SOON);
    await app.call("timeline.getPost", { id: postId }, 901);
    await app.call("timeline.getPost", { id: postId }, 903);
    await vi.waitUntil(async () => (await viewsOf(running, postId)) === 3, SOON);
  });

  test("in a list, or one that isn't there, counts none", async () => {
    const content = receiver();
    app = await startServices(content.factory, timelineService);
    const postId = await insertPost(app, 900);
    await app.call("timeline.listRecentPosts", {}, 901);
    await app.call("timeline.queryPosts", { ids: [postId] }, 901);
    await app.call("timeline.getPost", { id: postId + 1 }, 901).catch(() => undefined);
    await app.call("timeline.getPost", { id: postId }, 902);
    await vi.waitUntil(() => content.received.length > 0, SOON);
    expect(content.received).toEqual([expect.objectContaining({ postId, memberId: 902 })]);
  });

  test("works while content fails; the views follow", async () => {
    const content = receiver();
    content.state.isAway = true;
    app = await startServices(content.factory, timelineService);
    const postId = await insertPost(app, 900);
    await app.call("timeline.getPost", { id: postId }, 901);
    await vi.waitUntil(() => content.state.failures > 0, SOON);
    expect(await app.call("timeline.getPost", { id: postId }, 902)).toMatchObject({ id: postId });
    await vi.waitUntil(() => content.state.failures > 1, SOON);
    content.state.isAway = false;
    await vi.waitUntil(() => content.received.length > 1, SOON);
    expect(content.received.map(({ memberId }) => memberId)).toEqual([901, 902]);
  });

  test("works without content in the mesh, and stops without it", async () => {
    app = await startServices(timelineService);
    const postId = await insertPost(app, 900);
    expect(await app.call("timeline.getPost", { id: postId }, 901)).toMatchObject({ id: postId });
  });

  test("just before the node stops counts, too", async () => {
    const content = receiver();
    app = await startServices(content.factory, timelineService);
    const postId = await insertPost(app, 900);
    await app.call("timeline.getPost", { id: postId }, 901);
    expect(content.received).toEqual([]);
    await app.broker.stop();
    expect(content.received).toEqual([expect.objectContaining({ postId, memberId: 901 })]);
  });

  test("just before the node stops is stored by the content service of the same node", async () => {
    app = await startServices(contentService, timelineService);
    const postId = await insertPost(app, 900);
    await app.call("timeline.getPost", { id: postId }, 901);
    await app.broker.stop();
    expect(await viewsOf(app, postId)).toBe(1);
  });
});
