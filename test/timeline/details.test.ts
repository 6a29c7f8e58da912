import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ScrollOf } from "../../contracts/dto/paging.ts";
import { type CommentDto, type PostDto, WITHDRAWN_AUTHOR_NAME } from "../../contracts/dto/post.ts";
import timelineService from "../../services/timeline/timeline.service.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";
import { statementsOf } from "../support/statements.ts";
import { discussedPost, threadOf } from "./timeline-lists.ts";
import { World, type WorldComment, type WorldPost } from "./world.ts";

const UNKNOWN = 987_654_321;

let app: ServiceUnderTest;
let world: World;
beforeAll(async () => {
  app = await startServices(timelineService);
  world = await World.create(app.database);
});
afterAll(() => app.stop());

const call = <T>(action: string, params: object, memberId = world.reader) =>
  app.call<T>(`timeline.${action}`, params, memberId);
const iso = (time: number) => new Date(time).toISOString();

function authorOf(authorId: number) {
  const [ann, ben] = world.followees;
  if (authorId === world.withdrawn) {
    return { authorId, authorName: WITHDRAWN_AUTHOR_NAME, authorHandle: null, authorAvatarUrl: null };
  }
  const handles = new Map([
    [world.reader, "reader"],
    [world.stranger, "stranger"],
    ...world.followees.map((id, index) => [id, ["ann", "ben", "cho"][index] ?? ""] as const),
  ]);
  const authorHandle = handles.get(authorId) ?? "";
  return {
    authorId,
    authorName: authorId === ben ? "ben" : `Name of ${authorHandle}`,
    authorHandle,
    authorAvatarUrl: authorId === ann ? "/api/proxy/images/view/1" : "no-image",
  };
}

const postDto = (post: WorldPost): PostDto => ({
  id: post.id,
  title: post.title,
  content: post.content,
  ...authorOf(post.authorId),
  viewCount: post.views,
  likeCount: post.likes,
  commentCount: post.comments,
  liked: world.likedPosts.has(post.id),
  createdAt: iso(post.createdAt),
  updatedAt: iso(post.updatedAt),
});

const commentDto = (comment: WorldComment): CommentDto => ({
  id: comment.id,
  postId: comment.postId,
  parentId: comment.parentId,
  depth: comment.depth,
  content: comment.content,
  ...authorOf(comment.authorId),
  likeCount: 3,
  replyCount: 2,
  liked: world.likedComments.has(comment.id),
  createdAt: iso(comment.createdAt),
  updatedAt: iso(comment.createdAt),
});

const deletedPost = () => world.posts.find(({ isDeleted }) => isDeleted)?.id ?? 0;
const hiddenComment = () => {
  const living = new Set(world.livingComments.map(({ id }) => id));
  return world.comments.find(({ id, isDeleted }) => !isDeleted && !living.has(id))?.id ?? 0;
};
const deletedComment = () => world.comments.find(({ isDeleted }) => isDeleted)?.id ?? 0;

describe("a post", () => {
  test("is shown with its author, counters and the reader's like, alike in lists and by itself", async () => {
    const { content } = await call<ScrollOf<PostDto>>("listRecentPosts", { size: 100 });
    const shown = world.livingPosts.toReversed().slice(0, 100).map(postDto);
    expect(content).toEqual(shown);
    expect(new Set(content.map(({ authorName }) => authorName)).size).toBe(6);
    for (const post of shown.slice(0, 12)) expect(await call("getPost", { id: post.id })).toEqual(post);
  });

  test("shows each reader their own likes", async () => {
    const liked = world.livingPosts.find(({ id }) => world.likedPosts.has(id))?.id ?? 0;
    expect(await call("getPost", { id: liked }, world.loner)).toMatchObject({ liked: false });
    expect(await call("getPost", { id: liked })).toMatchObject({ liked: true });
  });

  test("has statistics", async () => {
    const [post] = world.livingPosts.slice(7);
    expect(await call("getPostStatistics", { id: post?.id })).toEqual({
      commentCount: post?.comments,
      likeCount: post?.likes,
      viewCount: post?.views,
    });
  });

  test.each(["getPost", "getPostStatistics", "listPostComments"])(
    "%s: unknown or deleted is 404",
    async (action) => {
      for (const id of [UNKNOWN, deletedPost()]) {
        await expect(call(action, { id })).rejects.toMatchObject({ type: "POST_NOT_FOUND", code: 404 });
      }
    },
  );
});

describe("a comment", () => {
  test("is shown with its author, counters and the reader's like, alike in lists and by itself", async () => {
    const { content } = await call<ScrollOf<CommentDto>>("listPostComments", { id: discussedPost(world) });
    const shown = world.livingComments
      .filter(({ postId, depth }) => postId === discussedPost(world) && depth === 0)
      .slice(0, 50)
      .map(commentDto);
    expect(content).toEqual(shown);
    for (const comment of shown.slice(0, 10)) {
      expect(await call("getComment", { id: comment.id })).toEqual(comment);
    }
    const replies = await call<ScrollOf<CommentDto>>("listReplies", { id: threadOf(world), size: 100 });
    expect(replies.content.every(({ depth, parentId }) => depth === 1 && parentId === threadOf(world))).toBe(
      true,
    );
  });

  test.each(["getComment", "listReplies"])(
    "%s: unknown, deleted or of a deleted post is 404",
    async (action) => {
      expect(hiddenComment()).toBeGreaterThan(0);
      for (const id of [UNKNOWN, deletedComment(), hiddenComment()]) {
        await expect(call(action, { id })).rejects.toMatchObject({ type: "COMMENT_NOT_FOUND", code: 404 });
      }
    },
  );
});

test.each(["listAuthorPosts", "listMemberComments"])("%s: unknown or withdrawn is 404", async (action) => {
  for (const memberId of [UNKNOWN, world.withdrawn]) {
    await expect(call(action, { memberId })).rejects.toMatchObject({ type: "MEMBER_NOT_FOUND", code: 404 });
  }
  expect(await call(action, { memberId: world.loner })).toMatchObject({ content: [], hasNext: false });
});

describe("posts by ids", () => {
  const query = (ids: unknown[]) => call<PostDto[]>("queryPosts", { ids });

  test("come in the order asked, each once, without unknown and deleted ones, by one statement", async () => {
    const [a, b, c] = world.livingPosts.slice(100).map(({ id }) => id);
    let posts: PostDto[] = [];
    const statements = await statementsOf(app.database, async () => {
      posts = await query([b, UNKNOWN, a, deletedPost(), b, c, a]);
    });
    expect(posts.map(({ id }) => id)).toEqual([b, a, c]);
    expect(statements).toHaveLength(1);
    expect(await query([])).toEqual([]);
  });

  test("are a thousand at most", async () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => index + 1);
    expect((await query(ids)).map(({ id }) => id)).toEqual(world.livingPosts.map(({ id }) => id));
    await expect(query([...ids, 1_001])).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
    await expect(query(["1"])).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
    await expect(query([0])).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
  });
});
