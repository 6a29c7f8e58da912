import { expect, test } from "vitest";
import { DEMO_MEMBERS } from "./members.ts";
import { planSeed } from "./plan.ts";
import { ENGLISH_TEXTS } from "./texts-en.ts";
import { KOREAN_TEXTS } from "./texts-ko.ts";

const TEXTS = { ko: KOREAN_TEXTS, en: ENGLISH_TEXTS };
const plan = planSeed(DEMO_MEMBERS, TEXTS);

test("has 50 members of two languages, with handles and names that can be signed up", () => {
  expect(DEMO_MEMBERS).toHaveLength(50);
  expect(DEMO_MEMBERS.filter(({ language }) => language === "ko")).toHaveLength(25);
  expect(new Set(DEMO_MEMBERS.map(({ handle }) => handle)).size).toBe(50);
  for (const { handle, displayName, bio } of DEMO_MEMBERS) {
    expect(handle).toMatch(/^[a-z_]{3,50}$/);
    expect(displayName.length).toBeGreaterThanOrEqual(2);
    expect(displayName.length).toBeLessThanOrEqual(30);
    expect(bio).not.toBe("");
  }
});

test("is the same every time", () => {
  expect(planSeed(DEMO_MEMBERS, TEXTS)).toEqual(plan);
});

test("plans nothing twice, so that a repeated run recognises all of it", () => {
  const keys = {
    follows: plan.follows.map(({ follower, followee }) => `${follower} ${followee}`),
    posts: plan.posts.map(({ author, content }) => `${author} ${content}`),
    comments: plan.comments.map(
      ({ author, post, parent, content }) => `${author} ${post} ${parent} ${content}`,
    ),
    postLikes: plan.postLikes.map(({ member, post }) => `${member} ${post}`),
    commentLikes: plan.commentLikes.map(({ member, comment }) => `${member} ${comment}`),
  };
  for (const [name, list] of Object.entries(keys)) {
    expect(new Set(list).size, name).toBe(list.length);
    expect(list.length, name).toBeGreaterThanOrEqual(100);
  }
});

test("nobody follows themselves", () => {
  expect(plan.follows.filter(({ follower, followee }) => follower === followee)).toEqual([]);
});

test("writes comments of three levels, each in its post's language and after its parent", () => {
  const depths = plan.comments.map((comment, index) => {
    let depth = 0;
    let at = comment;
    while (at.parent !== undefined) {
      expect(at.parent).toBeLessThan(index);
      const parent = plan.comments[at.parent];
      if (!parent) throw new Error("the parent is missing");
      expect(parent.post).toBe(comment.post);
      at = parent;
      depth++;
    }
    return depth;
  });
  expect([...new Set(depths)].sort()).toEqual([0, 1, 2]);
  for (const { author, post } of plan.comments) {
    const writer = plan.posts[post]?.author ?? -1;
    expect(DEMO_MEMBERS[author]?.language).toBe(DEMO_MEMBERS[writer]?.language);
  }
});

test("gives posts different numbers of likes", () => {
  const counts = plan.posts.map((_, post) => plan.postLikes.filter((like) => like.post === post).length);
  expect(new Set(counts).size).toBeGreaterThan(6);
});
