import type { World, WorldPost } from "./world.ts";

/** One list of the timeline service: how it is called, and what it must hold by plain filtering and sorting. */
export interface ListCase {
  readonly name: string;
  readonly action: string;
  readonly params: (world: World) => object;
  readonly expected: (world: World) => number[];
  readonly defaultSize: number;
  /** Statements of a page; those of SQLite, where they differ, second. */
  readonly statements: readonly [mysql: number, sqlite?: number];
}

const DAY = 86_400_000;
const score = ({ views, likes }: WorldPost) => views + 2 * likes;
const comments = (post: WorldPost) => post.comments;
const newest = (posts: readonly { readonly id: number }[]) => posts.map(({ id }) => id).sort((a, b) => b - a);
const oldest = (comments: readonly { readonly id: number }[]) => newest(comments).reverse();
const ranked = (posts: readonly WorldPost[], value: (post: WorldPost) => number) =>
  posts.toSorted((a, b) => value(b) - value(a) || b.id - a.id).map(({ id }) => id);

/** A comment with many replies, at the top; and a reply with replies. */
export const threadOf = (world: World) => world.comments[0]?.id ?? 0;
/** The living post with most comments on itself. */
export const discussedPost = (world: World) => world.posts[4]?.id ?? 0;

export const rangeOf = (world: World) => ({ start: world.now - 33 * DAY, end: world.now - 8 * DAY });
const rangeParams = (world: World) => {
  const { start, end } = rangeOf(world);
  return { startDate: new Date(start).toISOString(), endDate: new Date(end).toISOString() };
};

function rankingCase(
  action: string,
  window: "all" | "day" | "week" | "month",
  days: number,
  value: (post: WorldPost) => number,
  least: number,
): ListCase {
  return {
    name: `${action}, ${window}`,
    action,
    params: () => (window === "all" ? {} : { window }),
    expected: ({ livingPosts, now }) =>
      ranked(
        livingPosts.filter((post) => post.createdAt >= now - days * DAY && value(post) >= least),
        value,
      ),
    defaultSize: 20,
    statements: [2],
  };
}

const WINDOWS = [
  ["all", Number.POSITIVE_INFINITY],
  ["month", 30],
  ["week", 7],
  ["day", 1],
] as const;

export const POST_LISTS: readonly ListCase[] = [
  {
    name: "followings",
    action: "listFollowingsPosts",
    params: () => ({}),
    expected: ({ livingPosts, followees }) =>
      newest(livingPosts.filter(({ authorId }) => followees.includes(authorId))),
    defaultSize: 20,
    statements: [3, 2],
  },
  ...WINDOWS.map(([window, days]) => rankingCase("listMostPopularPosts", window, days, score, 0)),
  ...WINDOWS.map(([window, days]) => rankingCase("listMostCommentedPosts", window, days, comments, 1)),
  {
    name: "recent",
    action: "listRecentPosts",
    params: () => ({}),
    expected: ({ livingPosts }) => newest(livingPosts),
    defaultSize: 20,
    statements: [2],
  },
  {
    name: "mine",
    action: "listOwnPosts",
    params: () => ({}),
    expected: ({ livingPosts, reader }) => newest(livingPosts.filter(({ authorId }) => authorId === reader)),
    defaultSize: 10,
    statements: [2],
  },
  {
    name: "an author's",
    action: "listAuthorPosts",
    params: ({ stranger }) => ({ memberId: stranger }),
    expected: ({ livingPosts, stranger }) =>
      newest(livingPosts.filter(({ authorId }) => authorId === stranger)),
    defaultSize: 10,
    statements: [3],
  },
  {
    name: "date range",
    action: "listPostsInDateRange",
    params: rangeParams,
    expected: (world) => {
      const { start, end } = rangeOf(world);
      return newest(world.livingPosts.filter(({ createdAt }) => createdAt >= start && createdAt <= end));
    },
    defaultSize: 20,
    statements: [3],
  },
];

export const COMMENT_LISTS: readonly ListCase[] = [
  {
    name: "comments of a post",
    action: "listPostComments",
    params: (world) => ({ id: discussedPost(world) }),
    expected: (world) =>
      oldest(
        world.livingComments.filter(({ postId, depth }) => postId === discussedPost(world) && depth === 0),
      ),
    defaultSize: 50,
    statements: [3],
  },
  {
    name: "all comments of a post",
    action: "listAllPostComments",
    params: (world) => ({ postId: discussedPost(world) }),
    expected: (world) => newest(world.livingComments.filter(({ postId }) => postId === discussedPost(world))),
    defaultSize: 20,
    statements: [3],
  },
  {
    name: "replies",
    action: "listReplies",
    params: (world) => ({ id: threadOf(world) }),
    expected: (world) => oldest(world.livingComments.filter(({ parentId }) => parentId === threadOf(world))),
    defaultSize: 10,
    statements: [3],
  },
  {
    name: "my comments",
    action: "listOwnComments",
    params: () => ({}),
    expected: ({ livingComments, reader }) =>
      newest(livingComments.filter(({ authorId }) => authorId === reader)),
    defaultSize: 20,
    statements: [2],
  },
  {
    name: "a member's comments",
    action: "listMemberComments",
    params: ({ followees }) => ({ memberId: followees[0] }),
    expected: ({ livingComments, followees }) =>
      newest(livingComments.filter(({ authorId }) => authorId === followees[0])),
    defaultSize: 10,
    statements: [3],
  },
];

export const LISTS = [...POST_LISTS, ...COMMENT_LISTS];
