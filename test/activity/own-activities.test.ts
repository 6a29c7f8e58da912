import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MemberActivityDto } from "../../contracts/dto/activity.ts";
import { ACTIVITY_TYPES } from "../../contracts/events.ts";
import { documentIdOf } from "../../lib/documents/document-id.ts";
import { statementsOf } from "../support/statements.ts";
import { ActivityApp, walk } from "./activity-app.ts";
import { eventAt } from "./events.ts";

let app: ActivityApp;
beforeAll(async () => {
  app = await ActivityApp.start();
});
afterAll(() => app.stop());

const UNKNOWN = 987_654_321;

describe("a record made by hand", () => {
  test.each([
    ["recordPostActivity", "POST_READ", "post"],
    ["recordPostLikeActivity", "LIKE_POST_CANCEL", "post"],
    ["recordCommentActivity", "COMMENT_UPDATE", "comment"],
    ["recordCommentLikeActivity", "LIKE_COMMENT", "comment"],
  ])("%s stores before it answers", async (action, activityType, about) => {
    const memberId = await app.member();
    const postId = (await app.post(memberId)).id;
    const commentId = about === "comment" ? (await app.comment(memberId, postId)).id : null;
    const made = await app.call(
      action,
      { postId, ...(commentId ? { commentId } : {}), activityType },
      memberId,
    );
    expect(made).toMatchObject({ memberId, postId, commentId, memberActivityType: activityType });
    expect(made.createdAt).toBe(made.updatedAt);
    expect((await app.own(memberId)).content).toEqual([made]);
  });

  test.each([
    ["recordPostActivity", ["LIKE_POST", "COMMENT_READ", "MEMBER_LOGIN", "POST_SHARE"]],
    ["recordPostLikeActivity", ["POST_READ", "LIKE_COMMENT"]],
    ["recordCommentActivity", ["POST_READ", "LIKE_COMMENT"]],
    ["recordCommentLikeActivity", ["COMMENT_READ", "LIKE_POST"]],
  ])("%s takes no other path's types", async (action, types) => {
    for (const activityType of types) {
      await expect(app.call(action, { postId: 1, commentId: 1, activityType }, 1)).rejects.toMatchObject({
        type: "VALIDATION_ERROR",
      });
    }
  });

  test("needs a post that exists, and a comment that exists under it", async () => {
    const memberId = await app.member();
    const [post, other] = [await app.post(memberId), await app.post(memberId)];
    const comment = await app.comment(memberId, post.id);
    const onPost = (postId: number) =>
      app.call("recordPostActivity", { postId, activityType: "POST_READ" }, memberId);
    const onComment = (postId: number, commentId: number) =>
      app.call("recordCommentActivity", { postId, commentId, activityType: "COMMENT_READ" }, memberId);
    await expect(onPost(UNKNOWN)).rejects.toMatchObject({ type: "POST_NOT_FOUND" });
    await expect(onComment(UNKNOWN, comment.id)).rejects.toMatchObject({ type: "POST_NOT_FOUND" });
    await expect(onComment(post.id, UNKNOWN)).rejects.toMatchObject({ type: "COMMENT_NOT_FOUND" });
    await expect(onComment(other.id, comment.id)).rejects.toMatchObject({ type: "COMMENT_NOT_FOUND" });
    await app.services.call("content.deletePost", { id: post.id }, memberId);
    await expect(onPost(post.id)).rejects.toMatchObject({ type: "POST_NOT_FOUND" });
    expect((await app.own(memberId)).content).toEqual([]);
  });

  test("of a read is another one each time; of a like it is the one that is there", async () => {
    const memberId = await app.member();
    const postId = (await app.post(memberId)).id;
    const read = () => app.call("recordPostActivity", { postId, activityType: "POST_READ" }, memberId);
    const like = () => app.call("recordPostLikeActivity", { postId, activityType: "LIKE_POST" }, memberId);
    expect((await read()).id).not.toBe((await read()).id);
    const [first, ...rest] = [await like(), await like(), await like()];
    for (const { id, createdAt } of rest) expect([id, createdAt]).toEqual([first.id, first.createdAt]);
    expect(rest[1]?.updatedAt).not.toBe(first.updatedAt);
    expect((await app.own(memberId)).content).toHaveLength(3);
  });

  test("is the event's record, which the event itself, coming late, leaves alone", async () => {
    const memberId = await app.member();
    const postId = (await app.post(memberId)).id;
    const made = await app.call("recordPostLikeActivity", { postId, activityType: "LIKE_POST" }, memberId);
    await app.happen(eventAt(0, { memberId, postId }));
    expect((await app.own(memberId)).content).toEqual([made]);
  });
});

describe("a correction", () => {
  test("changes the type within its group; the event coming again doesn't change it back", async () => {
    const memberId = await app.member();
    const event = eventAt(5, { memberId });
    await app.happen(event);
    const [record] = (await app.own(memberId)).content;
    const correct = (activityType: string, callerId = memberId) =>
      app.call("correctActivity", { id: record?.id, activityType }, callerId);
    const corrected = await correct("LIKE_POST_CANCEL");
    expect(corrected).toEqual({
      ...record,
      memberActivityType: "LIKE_POST_CANCEL",
      updatedAt: corrected.updatedAt,
    });
    expect(corrected.updatedAt > corrected.createdAt).toBe(true);
    await app.happen({ ...event, eventId: crypto.randomUUID() });
    expect((await app.own(memberId)).content).toEqual([corrected]);

    await expect(correct("POST_READ")).rejects.toMatchObject({
      type: "VALIDATION_ERROR",
      data: { errors: [{ field: "activityType", rule: "enum", limit: "LIKE_POST, LIKE_POST_CANCEL" }] },
    });
    await expect(correct("LIKE_POST", memberId + 1)).rejects.toMatchObject({ type: "MEMBER_FORBIDDEN" });
    await expect(
      app.call("correctActivity", { id: "1", activityType: "POST_READ" }, memberId),
    ).rejects.toMatchObject({
      type: "ACTIVITY_NOT_FOUND",
    });
  });

  test("dropped is gone from the list and for its member, also when the event comes again", async () => {
    const memberId = await app.member();
    const event = eventAt(5, { memberId });
    await app.happen(event);
    const id = documentIdOf(event.messageKey);
    const drop = (callerId = memberId) => app.call<true>("dropActivity", { id }, callerId);
    await expect(drop(memberId + 1)).rejects.toMatchObject({ type: "MEMBER_FORBIDDEN" });
    expect(await drop()).toBe(true);
    await app.happen({ ...event, eventId: crypto.randomUUID() });
    expect((await app.own(memberId)).content).toEqual([]);
    await expect(drop()).rejects.toMatchObject({ type: "ACTIVITY_NOT_FOUND" });
    await expect(
      app.call("correctActivity", { id, activityType: "LIKE_POST_CANCEL" }, memberId),
    ).rejects.toMatchObject({ type: "ACTIVITY_NOT_FOUND" });
  });

  test("by many at once leaves one of them", async () => {
    const memberId = await app.member();
    const event = eventAt(5, { memberId });
    await app.happen(event);
    const id = documentIdOf(event.messageKey);
    const types = ["LIKE_POST", "LIKE_POST_CANCEL"];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        app.call("correctActivity", { id, activityType: types[index % 2] }, memberId),
      ),
    );
    const [record] = (await app.own(memberId)).content;
    expect(answers.map(({ memberActivityType }) => memberActivityType)).toContain(record?.memberActivityType);
    expect((await app.own(memberId)).content).toHaveLength(1);
  });
});

describe("my activities", () => {
  test("hold every type, each once", async () => {
    const memberId = await app.member();
    await app.happen(
      ...ACTIVITY_TYPES.map((memberActivityType, at) =>
        eventAt(at, { memberId, postId: 5, memberActivityType }),
      ),
    );
    const { content, hasNext, nextCursor } = await app.own(memberId);
    expect(content.map(({ memberActivityType }) => memberActivityType)).toEqual(
      [...ACTIVITY_TYPES].reverse(),
    );
    expect({ hasNext, nextCursor }).toEqual({ hasNext: false, nextCursor: null });
    expect((await app.own(memberId + 1)).content).toEqual([]);
  });

  test.each(["cursor", "page"] as const)("are walked by %s without loss or repetition", async (by) => {
    const memberId = await app.member();
    await app.happen(
      ...Array.from({ length: 45 }, (_, index) =>
        eventAt(Math.floor(index / 7), { memberId, postId: index + 1 }),
      ),
    );
    const whole = (await app.own(memberId, { size: 100 })).content;
    expect(new Set(whole.map(({ id }) => id)).size).toBe(45);
    const pages = await walk<MemberActivityDto>(by, (paging) => app.own(memberId, paging), 10);
    expect(pages.map(({ length }) => length)).toEqual([10, 10, 10, 10, 5]);
    expect(pages.flat()).toEqual(whole);
  });

  test("refuse another list's cursor", async () => {
    const [one, two] = [await app.member(), await app.member()];
    await app.happen(...[1, 2].map((postId) => eventAt(1, { memberId: one, postId })));
    const { nextCursor } = await app.own(one, { size: 1 });
    await expect(app.own(two, { cursor: nextCursor })).rejects.toMatchObject({ type: "INVALID_CURSOR" });
    await expect(app.banner(one, { cursor: nextCursor })).rejects.toMatchObject({ type: "INVALID_CURSOR" });
  });

  test("take one query, whatever the size", async () => {
    const memberId = await app.member();
    await app.happen(
      ...Array.from({ length: 60 }, (_, index) => eventAt(index, { memberId, postId: index + 1 })),
    );
    const isSql = app.services.config.documents.kind === "sql";
    for (const size of [1, 50]) {
      const statements = await statementsOf(app.database, () => app.own(memberId, { size }));
      expect(statements).toHaveLength(isSql ? 1 : 0);
    }
  });
});
