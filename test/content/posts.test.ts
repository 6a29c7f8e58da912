import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PostDto } from "../../contracts/dto/post.ts";
import { sql } from "../../lib/sql/sql.ts";
import { outcomesOf } from "../support/outcomes.ts";
import { verbsOf } from "../support/statements.ts";
import { ContentApp } from "./content-app.ts";

let app: ContentApp;
let author: number;
let other: number;
beforeAll(async () => {
  app = await ContentApp.start();
  [author = 0, other = 0] = await app.members(2);
});
afterAll(() => app.stop());

const update = (id: number, changes: object, memberId = author) =>
  app.call<PostDto>("updatePost", { id, ...changes }, memberId);
const remove = (id: number, memberId = author) => app.call("deletePost", { id }, memberId);

describe("a new post", () => {
  test("is answered whole", async () => {
    const post = await app.call<PostDto>("createPost", { title: "Title", content: "Text" }, author);
    expect(post).toEqual({
      id: expect.any(Number),
      title: "Title",
      content: "Text",
      authorId: author,
      authorName: expect.stringMatching(/^Name of member_/),
      authorHandle: expect.stringMatching(/^member_/),
      authorAvatarUrl: "no-image",
      viewCount: 0,
      likeCount: 0,
      commentCount: 0,
      liked: false,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: post.createdAt,
    });
  });

  test("shows the handle of an author without a display name, and the avatar there is", async () => {
    const [plain = 0] = await app.members(1);
    await app.database.execute(
      sql`UPDATE profiles SET display_name = NULL, avatar_url = '/a.png' WHERE member_id = ${plain}`,
    );
    const post = await app.post(plain);
    expect(post.authorName).toBe(post.authorHandle);
    expect(post.authorAvatarUrl).toBe("/a.png");
  });

  test("keeps its text exactly as written", async () => {
    for (const [title, content] of [
      ["", " \n가\u0000각\t "],
      ["  x  ", "e\u0301 é \u{1F469}\u200D\u{1F467} 'quote' $1 :name ? \\"],
      ["😀".repeat(100), "😀".repeat(5_000)],
    ]) {
      const post = await app.call<PostDto>("createPost", { title, content }, author);
      expect(post).toMatchObject({ title, content });
      expect(await app.postState(post.id)).toMatchObject({ title, content });
    }
  });

  test.each([
    [{}],
    [{ content: "" }],
    [{ content: " \n\t\u200B" }],
    [{ content: null }],
    [{ content: 5 }],
    [{ content: "x".repeat(5_001) }],
    [{ content: "x", title: "x".repeat(101) }],
    [{ content: "x", title: 5 }],
  ])("%j is refused", async (params) => {
    await expect(app.call("createPost", params, author)).rejects.toMatchObject({
      type: "VALIDATION_ERROR",
      code: 400,
    });
  });

  test("has no title where none or null is given", async () => {
    expect((await app.post(author)).title).toBeNull();
    const post = await app.call<PostDto>("createPost", { title: null, content: "Text" }, author);
    expect(post.title).toBeNull();
  });

  test("takes one INSERT in a transaction and one SELECT", async () => {
    const verbs = await verbsOf(app.database, () => app.post(author));
    expect(verbs).toEqual(["BEGIN", "INSERT", "INSERT", "COMMIT", "SELECT"]);
  });
});

describe("an edit", () => {
  test("changes the text and answers the real counts", async () => {
    const post = await app.call<PostDto>("createPost", { title: "Old", content: "Old" }, author);
    await app.comment(other, post.id);
    await app.call("likePost", { id: post.id }, author);
    await app.call("likePost", { id: post.id }, other);
    const edited = await update(post.id, { title: "New", content: "New text" });
    expect(edited).toEqual({
      ...post,
      title: "New",
      content: "New text",
      likeCount: 2,
      commentCount: 1,
      liked: true,
      updatedAt: edited.updatedAt,
    });
    expect(edited.updatedAt > post.updatedAt).toBe(true);
    expect(await app.postState(post.id)).toMatchObject({
      title: "New",
      content: "New text",
      updatedAt: Date.parse(edited.updatedAt),
    });
  });

  test("leaves an absent title, clears it by null, and keeps an empty one", async () => {
    const { id } = await app.call<PostDto>("createPost", { title: "Title", content: "Text" }, author);
    expect(await update(id, { content: "2" })).toMatchObject({ title: "Title" });
    expect(await update(id, { title: "", content: "3" })).toMatchObject({ title: "" });
    expect(await update(id, { title: null, content: "4" })).toMatchObject({ title: null });
    expect(await app.postState(id)).toMatchObject({ title: null, content: "4" });
  });

  test("with the same text is none", async () => {
    const post = await app.post(author, "Same");
    expect(await update(post.id, { content: "Same" })).toEqual(post);
    expect(await update(post.id, { content: "same" })).toMatchObject({ content: "same" });
    expect(await app.postState(post.id)).toMatchObject({ content: "same" });
  });

  test("moves updatedAt even within a millisecond", async () => {
    const { id } = await app.post(author);
    const times: string[] = [];
    for (let index = 0; index < 5; index++) {
      times.push((await update(id, { content: `Edit ${index}` })).updatedAt);
    }
    expect(new Set(times).size).toBe(5);
    expect(times.toSorted()).toEqual(times);
  });

  test("is the author's alone, and 404 comes before 403", async () => {
    const { id } = await app.post(author);
    await expect(update(id, { content: "x" }, other)).rejects.toMatchObject({
      type: "POST_UPDATE_FORBIDDEN",
      code: 403,
    });
    await expect(update(987_654_321, { content: "x" }, other)).rejects.toMatchObject({
      type: "POST_NOT_FOUND",
      code: 404,
    });
    await remove(id);
    await expect(update(id, { content: "x" }, other)).rejects.toMatchObject({ type: "POST_NOT_FOUND" });
    await expect(update(id, { content: "x" })).rejects.toMatchObject({ type: "POST_NOT_FOUND" });
  });

  test("takes two statements besides the write", async () => {
    const { id } = await app.post(author);
    const verbs = await verbsOf(app.database, () => update(id, { content: "x" }));
    expect(verbs).toEqual(["BEGIN", "SELECT", "UPDATE", "INSERT", "COMMIT", "SELECT"]);
  });
});

describe("a deletion", () => {
  test("is the author's alone", async () => {
    const { id } = await app.post(author);
    await expect(remove(id, other)).rejects.toMatchObject({ type: "POST_DELETE_FORBIDDEN", code: 403 });
    expect(await remove(id)).toBe(true);
    await expect(remove(id)).rejects.toMatchObject({ type: "POST_NOT_FOUND", code: 404 });
    await expect(remove(id, other)).rejects.toMatchObject({ type: "POST_NOT_FOUND" });
  });

  test("of one post twice at once succeeds once", async () => {
    const { id } = await app.post(author);
    const calls = Array.from({ length: 10 }, () => remove(id));
    expect(await outcomesOf(calls)).toEqual({ done: 1, POST_NOT_FOUND: 9 });
  });

  test("ends every operation on the post and its comments", async () => {
    const post = await app.post(author);
    const living = await app.post(author);
    const comment = await app.comment(author, post.id);
    await app.call("likePost", { id: post.id }, author);
    await app.call("likeComment", { id: comment.id }, author);
    await remove(post.id);
    const { id } = comment;
    for (const [action, params, type] of [
      ["likePost", { id: post.id }, "POST_NOT_FOUND"],
      ["unlikePost", { id: post.id }, "POST_NOT_FOUND"],
      ["createComment", { postId: post.id, content: "x" }, "POST_NOT_FOUND"],
      ["createReply", { postId: post.id, parentId: id, content: "x" }, "POST_NOT_FOUND"],
      ["createReply", { postId: living.id, parentId: id, content: "x" }, "PARENT_COMMENT_NOT_FOUND"],
      ["updateComment", { id, content: "x" }, "COMMENT_NOT_FOUND"],
      ["deleteComment", { id }, "COMMENT_NOT_FOUND"],
      ["likeComment", { id }, "COMMENT_NOT_FOUND"],
      ["unlikeComment", { id }, "COMMENT_NOT_FOUND"],
    ] as const) {
      await expect(app.call(action, params, author), action).rejects.toMatchObject({ type, code: 404 });
    }
    expect(await app.postState(living.id)).toMatchObject({ comments: 0 });
    expect(await app.postState(post.id)).toMatchObject({ comments: 1, likes: 1, score: 2 });
  });
});
