import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CommentDto } from "../../contracts/dto/post.ts";
import { outcomesOf } from "../support/outcomes.ts";
import { transactionsOf, verbsOf } from "../support/statements.ts";
import { ContentApp } from "./content-app.ts";

let app: ContentApp;
let author: number;
let other: number;
beforeAll(async () => {
  app = await ContentApp.start();
  [author = 0, other = 0] = await app.members(2);
});
afterAll(() => app.stop());

const update = (id: number, content: string, memberId = author) =>
  app.call<CommentDto>("updateComment", { id, content }, memberId);
const remove = (id: number, memberId = author) => app.call("deleteComment", { id }, memberId);

describe("a new comment", () => {
  test("is answered whole, at each of the three levels", async () => {
    const { id: postId } = await app.post(author);
    const first = await app.comment(author, postId, "First");
    expect(first).toEqual({
      id: expect.any(Number),
      postId,
      parentId: null,
      depth: 0,
      content: "First",
      authorId: author,
      authorName: expect.stringMatching(/^Name of member_/),
      authorHandle: expect.stringMatching(/^member_/),
      authorAvatarUrl: "no-image",
      likeCount: 0,
      replyCount: 0,
      liked: false,
      createdAt: expect.any(String),
      updatedAt: first.createdAt,
    });
    const second = await app.reply(other, first);
    expect(second).toMatchObject({ postId, parentId: first.id, depth: 1, authorId: other });
    const third = await app.reply(author, second);
    expect(third).toMatchObject({ postId, parentId: second.id, depth: 2 });
    expect(await app.postState(postId)).toMatchObject({ comments: 3 });
    expect(await app.commentState(first.id)).toMatchObject({ replies: 1 });
    expect(await app.commentState(second.id)).toMatchObject({ replies: 1 });
    await app.expectExactCounters();
  });

  test("is no edit of the post or of the parent", async () => {
    const post = await app.post(author);
    const comment = await app.comment(author, post.id);
    await app.reply(author, comment);
    await app.call("likeComment", { id: comment.id }, author);
    expect((await app.postState(post.id))?.updatedAt).toBe(Date.parse(post.createdAt));
    expect((await app.commentState(comment.id))?.updatedAt).toBe(Date.parse(comment.createdAt));
  });

  test.each([{}, { content: "" }, { content: " \n" }, { content: "x".repeat(1_001) }, { content: null }])(
    "%j is refused",
    async (params) => {
      const post = await app.post(author);
      await expect(app.call("createComment", { postId: post.id, ...params }, author)).rejects.toMatchObject({
        type: "VALIDATION_ERROR",
      });
    },
  );

  test("holds 1,000 code points and needs an integer postId", async () => {
    const post = await app.post(author);
    const content = "😀".repeat(1_000);
    const { id } = await app.comment(author, post.id, content);
    expect(await app.commentState(id)).toMatchObject({ content });
    await expect(
      app.call("createComment", { postId: String(post.id), content: "x" }, author),
    ).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
  });

  test("needs a post", async () => {
    await expect(app.comment(author, 987_654_321)).rejects.toMatchObject({
      type: "POST_NOT_FOUND",
      code: 404,
    });
  });
});

test("a reply is checked for post, parent, other post, depth, in this order, and changes nothing when refused", async () => {
  const [post, otherPost] = [await app.post(author), await app.post(author)];
  const first = await app.comment(author, post.id);
  const third = await app.reply(author, await app.reply(author, first));
  const reply = (postId: number, parentId: number) =>
    app.call("createReply", { postId, parentId, content: "x" }, author);
  await expect(reply(987_654_321, 987_654_321)).rejects.toMatchObject({ type: "POST_NOT_FOUND", code: 404 });
  await expect(reply(987_654_321, third.id)).rejects.toMatchObject({ type: "POST_NOT_FOUND" });
  await expect(reply(post.id, 987_654_321)).rejects.toMatchObject({
    type: "PARENT_COMMENT_NOT_FOUND",
    code: 404,
  });
  await expect(reply(otherPost.id, third.id)).rejects.toMatchObject({
    type: "PARENT_COMMENT_POST_ID_NOT_EQUALS",
    code: 400,
  });
  await expect(reply(post.id, third.id)).rejects.toMatchObject({
    type: "COMMENT_DEPTH_LIMIT_EXCEEDS",
    code: 400,
  });
  await remove(first.id);
  await expect(reply(post.id, first.id)).rejects.toMatchObject({ type: "PARENT_COMMENT_NOT_FOUND" });
  await expect(reply(post.id, third.id)).rejects.toMatchObject({ type: "PARENT_COMMENT_NOT_FOUND" });
  await app.expectExactCounters();
});

describe("an edit", () => {
  test("changes the text alone and answers the real counts", async () => {
    const { id: postId } = await app.post(author);
    const comment = await app.comment(author, postId);
    await app.reply(other, comment);
    await app.call("likeComment", { id: comment.id }, author);
    const edited = await update(comment.id, "Edited");
    expect(edited).toEqual({
      ...comment,
      content: "Edited",
      likeCount: 1,
      replyCount: 1,
      liked: true,
      updatedAt: edited.updatedAt,
    });
    expect(edited.updatedAt > comment.updatedAt).toBe(true);
    expect(await app.commentState(comment.id)).toMatchObject({
      content: "Edited",
      updatedAt: Date.parse(edited.updatedAt),
    });
    expect(await update(comment.id, "Edited")).toEqual(edited);
  });

  test("is the author's alone, and 404 comes before 403", async () => {
    const comment = await app.comment(author, (await app.post(author)).id);
    await expect(update(comment.id, "x", other)).rejects.toMatchObject({
      type: "COMMENT_MODIFICATION_PERMISSION_DENIED",
      code: 403,
    });
    await expect(update(987_654_321, "x", other)).rejects.toMatchObject({
      type: "COMMENT_NOT_FOUND",
      code: 404,
    });
    await remove(comment.id);
    await expect(update(comment.id, "x", other)).rejects.toMatchObject({ type: "COMMENT_NOT_FOUND" });
  });
});

describe("a deletion", () => {
  test("takes the whole subtree and nothing beside it", async () => {
    const { id: postId } = await app.post(author);
    const [first, neighbour] = [await app.comment(author, postId), await app.comment(other, postId)];
    const [a, b] = [await app.reply(other, first), await app.reply(author, first)];
    const [a1, a2, b1] = [await app.reply(author, a), await app.reply(author, a), await app.reply(author, b)];
    const deleted = async () => {
      const states = await Promise.all(
        [first, neighbour, a, b, a1, a2, b1].map(({ id }) => app.commentState(id)),
      );
      return states.map((state) => state?.isDeleted).join("");
    };
    await remove(a2.id);
    expect(await deleted()).toBe("0000010");
    expect(await app.commentState(a.id)).toMatchObject({ replies: 1 });
    await expect(remove(a.id)).rejects.toMatchObject({
      type: "COMMENT_DELETION_PERMISSION_DENIED",
      code: 403,
    });
    expect(await remove(a.id, other)).toBe(true);
    expect(await deleted()).toBe("0010110");
    expect(await app.commentState(first.id)).toMatchObject({ replies: 1 });
    expect(await app.postState(postId)).toMatchObject({ comments: 4 });
    await expect(remove(a1.id)).rejects.toMatchObject({ type: "COMMENT_NOT_FOUND", code: 404 });
    await remove(first.id);
    expect(await deleted()).toBe("1011111");
    expect(await app.postState(postId)).toMatchObject({ comments: 1 });
    await app.expectExactCounters();
  });

  test("of one comment many times at once succeeds once", async () => {
    const { id: postId } = await app.post(author);
    const parent = await app.comment(author, postId);
    const comment = await app.reply(author, parent);
    await app.reply(author, comment);
    const calls = Array.from({ length: 20 }, () => remove(comment.id));
    expect(await outcomesOf(calls)).toEqual({ done: 1, COMMENT_NOT_FOUND: 19 });
    expect(await app.postState(postId)).toMatchObject({ comments: 1 });
    expect(await app.commentState(parent.id)).toMatchObject({ replies: 0 });
  });

  test("keeps every counter exact while replies and likes come in, without a deadlock", async () => {
    const { id: postId } = await app.post(author);
    const roots = await Promise.all(Array.from({ length: 4 }, () => app.comment(author, postId)));
    const replies = await Promise.all(
      roots.flatMap((root) => [app.reply(other, root), app.reply(author, root)]),
    );
    const work = () => [
      ...replies.flatMap((reply) => [
        () => app.reply(author, reply),
        () => app.call("likeComment", { id: reply.id }, author),
      ]),
      ...roots.flatMap((root) => [
        () => app.reply(other, root),
        () => app.reply(author, root),
        () => app.call("likeComment", { id: root.id }, other),
        () => update(root.id, "Edited"),
        () => app.comment(author, postId),
        () => app.call("likePost", { id: postId }, author),
      ]),
      () => remove(roots[0]?.id ?? 0),
      () => remove(roots[0]?.id ?? 0),
      () => remove(roots[1]?.id ?? 0),
      () => remove(replies[4]?.id ?? 0, other),
      () => remove(replies[7]?.id ?? 0),
    ];
    const operations = shuffled(work());
    const transactions = await transactionsOf(app.database, async () => {
      const outcomes = await outcomesOf(operations.map((operation) => operation()));
      const known = ["done", "COMMENT_NOT_FOUND", "PARENT_COMMENT_NOT_FOUND", "POST_LIKE_ALREADY_EXISTS"];
      expect(Object.keys(outcomes).filter((outcome) => !known.includes(outcome))).toEqual([]);
      expect(outcomes.done).toBeGreaterThanOrEqual(10);
    });
    expect(transactions, "more transactions than operations are retries after a deadlock").toBe(
      operations.length,
    );
    await app.expectExactCounters();
    expect(await app.postState(postId)).toMatchObject({ likes: 1, score: 2 });
  });
});

test("writes take a fixed number of statements, however much there is below or beside", async () => {
  const { id: postId } = await app.post(author);
  const root = await app.comment(author, postId);
  const replies = await Promise.all(Array.from({ length: 5 }, () => app.reply(author, root)));
  await Promise.all(replies.flatMap((reply) => [app.reply(author, reply), app.reply(other, reply)]));
  const verbs = async (work: () => Promise<unknown>) => (await verbsOf(app.database, work)).join(" ");
  expect(await verbs(() => app.comment(author, postId))).toBe("BEGIN UPDATE INSERT INSERT COMMIT SELECT");
  expect(await verbs(() => app.reply(author, root))).toBe(
    "BEGIN UPDATE SELECT UPDATE INSERT INSERT COMMIT SELECT",
  );
  expect(await verbs(() => update(root.id, "x"))).toBe("BEGIN SELECT SELECT UPDATE INSERT COMMIT");
  expect(await verbs(() => remove(root.id))).toBe("BEGIN SELECT SELECT UPDATE UPDATE UPDATE INSERT COMMIT");
});

/** In an order that is the same in every run and unlike the order of writing: each third one after the other. */
function shuffled<T>(items: readonly T[]): T[] {
  return [0, 1, 2].flatMap((start) => items.filter((_, index) => index % 3 === start)).reverse();
}
