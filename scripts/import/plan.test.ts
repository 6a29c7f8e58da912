import { describe, expect, test } from "vitest";
import { oracleOf } from "../verify/oracle.ts";
import { parseGraphOrThrow, parseTextsOrThrow } from "./input.ts";
import { draw, MAX_FOLLOWINGS, planImport } from "./plan.ts";

const TEXTS = Array.from({ length: 900 }, (_, index) => `글 ${index}`);
const TSV = ["id\ttext", ...TEXTS.map((text, index) => `${index}\t${text}`)].join("\n");
const GRAPH = Array.from({ length: 40 }, (_, u) => `${u} ${(u * 7 + 1) % 40}\n${u} ${(u * 3 + 2) % 40}`).join(
  "\n",
);
const SIZES = { posts: 500, comments: 300, likes: 700 };

describe("planImport", () => {
  test("makes follows of both directions, each once, members' first relations before their second ones", () => {
    const graph = parseGraphOrThrow("5 9\n9 7\n5 7\n7 5\n3 3\n");
    const plan = planImport(graph, [], { posts: 0, comments: 0, likes: 0 }, "reed");
    expect(plan.members.map(({ handle }) => handle)).toEqual(["reed_3", "reed_5", "reed_7", "reed_9"]);
    expect(plan.follows.map(({ follower, followee }) => `${follower}>${followee}`)).toEqual([
      "1>2",
      "2>1",
      "3>1",
      "1>3",
      "2>3",
      "3>2",
    ]);
  });

  test("leaves out what a member follows beyond the limit", () => {
    const star = Array.from({ length: MAX_FOLLOWINGS + 3 }, (_, leaf) => `0 ${leaf + 1}`).join("\n");
    const plan = planImport(parseGraphOrThrow(star), [], { posts: 0, comments: 0, likes: 0 }, "star");
    const ofHub = plan.follows.filter(({ follower }) => follower === 0).map(({ followee }) => followee);
    expect(ofHub).toEqual(Array.from({ length: MAX_FOLLOWINGS }, (_, index) => index + 1));
    expect(plan.follows).toHaveLength(2 * MAX_FOLLOWINGS + 3);
    expect(plan.droppedFollows).toBe(3);
  });

  test("takes posts and then comments from the texts in order", () => {
    const plan = planImport(parseGraphOrThrow(GRAPH), TEXTS, SIZES, "reed");
    expect(plan.posts.map(({ content }) => content)).toEqual(TEXTS.slice(0, 500));
    expect(plan.comments.map(({ content }) => content)).toEqual(TEXTS.slice(500, 800));
  });

  test("draws a like of one member and post once, and makes rankings with a head, a tail and ties", () => {
    const plan = planImport(parseGraphOrThrow(GRAPH), TEXTS, SIZES, "reed");
    const pairs = plan.likes.map(({ member, post }) => `${member} ${post}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(pairs.length).toBeLessThan(700);
    const counts = new Map<number, number>();
    for (const { post } of plan.likes) counts.set(post, (counts.get(post) ?? 0) + 1);
    const sorted = [...counts.values()].sort((a, b) => b - a);
    expect(sorted[0]).toBeGreaterThan(10);
    expect(sorted.filter((count) => count === 1).length).toBeGreaterThan(20);
    expect(counts.size).toBeLessThan(300);
  });

  test.each([
    ["too few texts", "1 2", { posts: 800, comments: 101, likes: 0 }, /more than the 900 usable texts/],
    ["no members", "", { posts: 1, comments: 0, likes: 0 }, /no members/],
    ["likes without posts", "1 2", { posts: 0, comments: 0, likes: 1 }, /at least one post/],
  ])("refuses %s", (_, graph, sizes, message) => {
    expect(() => planImport(parseGraphOrThrow(graph), TEXTS, sizes, "reed")).toThrow(message);
  });

  test("agrees with the oracle, which shares no code with it", () => {
    const plan = planImport(parseGraphOrThrow(GRAPH), parseTextsOrThrow(TSV), SIZES, "reed");
    const oracle = oracleOf({ graph: GRAPH, texts: TSV, ...SIZES, prefix: "reed" });
    const handle = (member: number): string => plan.members[member]?.handle ?? "";
    expect(oracle.handles).toEqual(plan.members.map((member) => member.handle));
    expect(oracle.posts.map(({ authorHandle, content }) => ({ authorHandle, content }))).toEqual(
      plan.posts.map(({ author, content }) => ({ authorHandle: handle(author), content })),
    );
    const likers = plan.posts.map((_, post) => plan.likes.filter((like) => like.post === post));
    expect(oracle.posts.map(({ likedBy }) => [...likedBy].sort())).toEqual(
      likers.map((likes) => likes.map(({ member }) => handle(member)).sort()),
    );
    expect(oracle.posts.map(({ commentCount }) => commentCount)).toEqual(
      plan.posts.map((_, post) => plan.comments.filter((comment) => comment.post === post).length),
    );
    const followed = plan.follows
      .filter(({ follower }) => follower === 3)
      .map(({ followee }) => handle(followee));
    expect(new Set(oracle.followFeed("reed_3").map(({ authorHandle }) => authorHandle))).toEqual(
      new Set(followed),
    );
  });
});

describe("draw", () => {
  test("is the finaliser of MurmurHash3", () => {
    // fmix32(1) as published with the algorithm.
    expect(draw(1, 0)).toBe(0x514e28b7);
    expect(draw(0, 0)).toBe(0);
  });
});
