import type { SocialGraph } from "./input.ts";

export interface PlannedMember {
  readonly node: number;
  readonly handle: string;
  readonly email: string;
}

/** Members and posts are named by their index in the plan. */
export interface ImportPlan {
  readonly members: readonly PlannedMember[];
  readonly follows: readonly { readonly follower: number; readonly followee: number }[];
  /** Relations beyond MAX_FOLLOWINGS of one member. */
  readonly droppedFollows: number;
  readonly posts: readonly { readonly author: number; readonly content: string }[];
  readonly comments: readonly { readonly author: number; readonly post: number; readonly content: string }[];
  readonly likes: readonly { readonly member: number; readonly post: number }[];
}

export interface PlanSizes {
  /** Texts that become posts. */
  readonly posts: number;
  /** Texts after those that become comments. */
  readonly comments: number;
  /** Draws of (member, post); a pair drawn again adds nothing, so there may be fewer likes. */
  readonly likes: number;
}

/** A member follows at most this many others. */
export const MAX_FOLLOWINGS = 1000;

/** One stream of draws for each choice, so that no choice depends on another. */
const STREAM = {
  scatter: 0,
  postAuthor: 1,
  commentAuthor: 2,
  commentPost: 3,
  likeMember: 6,
  likePost: 7,
} as const;
/** Numbers of streams in use: a skewed choice takes three in a row. */
const STREAMS = 16;

/**
 * Who writes, follows and likes what: a pure function of the input, by the rules of docs/import.md.
 * @throws Error when there are not enough texts, or nobody to write them
 */
export function planImport(
  graph: SocialGraph,
  texts: readonly string[],
  sizes: PlanSizes,
  prefix: string,
): ImportPlan {
  const { posts, comments, likes } = sizes;
  if (graph.nodes.length === 0) throw new Error("the graph has no members");
  if (posts + comments > texts.length) {
    throw new Error(
      `${posts} posts and ${comments} comments need more than the ${texts.length} usable texts`,
    );
  }
  if (posts === 0 && comments + likes > 0) throw new Error("comments and likes need at least one post");
  const memberCount = graph.nodes.length;
  const skewed = (stream: number, i: number): number => skewedPost(stream, i, posts);
  return {
    members: graph.nodes.map((node) => plannedMember(node, prefix)),
    ...planFollows(graph),
    posts: texts.slice(0, posts).map((content, p) => ({
      author: draw(STREAM.postAuthor, p) % memberCount,
      content,
    })),
    comments: texts.slice(posts, posts + comments).map((content, c) => ({
      author: draw(STREAM.commentAuthor, c) % memberCount,
      post: skewed(STREAM.commentPost, c),
      content,
    })),
    likes: distinctLikes(
      Array.from({ length: likes }, (_, l) => ({
        member: draw(STREAM.likeMember, l) % memberCount,
        post: skewed(STREAM.likePost, l),
      })),
    ),
  };
}

function plannedMember(node: number, prefix: string): PlannedMember {
  const handle = `${prefix}_${node}`;
  return { node, handle, email: `${handle.toLowerCase()}@import.example` };
}

/**
 * Both directions of every edge. Each member follows its neighbours in ascending order; all members' first relations
 * come before all their second ones, so that relations created at the same time belong to different members.
 */
function planFollows(graph: SocialGraph): Pick<ImportPlan, "follows" | "droppedFollows"> {
  const indexes = new Map(graph.nodes.map((node, index) => [node, index]));
  const neighbours: number[][] = graph.nodes.map(() => []);
  for (const [u, v] of graph.edges) {
    const [a, b] = [indexes.get(u) as number, indexes.get(v) as number];
    neighbours[a]?.push(b);
    neighbours[b]?.push(a);
  }
  const longest = neighbours.reduce((max, list) => Math.max(max, list.length), 0);
  for (const list of neighbours) list.sort((a, b) => a - b).splice(MAX_FOLLOWINGS);
  const follows: { follower: number; followee: number }[] = [];
  for (let round = 0; round < Math.min(longest, MAX_FOLLOWINGS); round++) {
    for (const [follower, list] of neighbours.entries()) {
      const followee = list[round];
      if (followee !== undefined) follows.push({ follower, followee });
    }
  }
  return { follows, droppedFollows: 2 * graph.edges.length - follows.length };
}

function distinctLikes(draws: ImportPlan["likes"]): ImportPlan["likes"] {
  const seen = new Set<string>();
  return draws.filter(({ member, post }) => {
    const key = `${member} ${post}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Few posts get much, most get little: the rank is a modulus of a modulus of a modulus, then scattered over all posts. */
function skewedPost(stream: number, i: number, posts: number): number {
  const outer = 1 + (draw(stream + 2, i) % posts);
  const inner = 1 + (draw(stream + 1, i) % outer);
  const rank = draw(stream, i) % inner;
  return draw(STREAM.scatter, rank) % posts;
}

/** The `i`-th 32-bit number of a stream: MurmurHash3's finaliser of `i * 16 + stream`. */
export function draw(stream: number, i: number): number {
  let h = (i * STREAMS + stream) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
