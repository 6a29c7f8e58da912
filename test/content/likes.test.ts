import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outcomesOf } from "../support/outcomes.ts";
import { statementsOf, transactionsOf } from "../support/statements.ts";
import { ContentApp } from "./content-app.ts";

const RETRIED = "more transactions than operations are retries after a deadlock";

let app: ContentApp;
let author: number;
beforeAll(async () => {
  app = await ContentApp.start();
  [author = 0] = await app.members(1);
});
afterAll(() => app.stop());

interface Likes {
  readonly count: number;
  readonly score?: number;
}

/** A thing to like, and what is stored about it. */
const KINDS = [
  {
    kind: "post",
    like: "likePost",
    unlike: "unlikePost",
    notFound: "POST_NOT_FOUND",
    again: "POST_LIKE_ALREADY_EXISTS",
    notLiked: "POST_LIKE_CANCEL_ALREADY_COMMITTED",
    statements: 5,
    make: async () => (await app.post(author)).id,
    likesOf: async (id: number): Promise<Likes> => {
      const post = await app.postState(id);
      return { count: post?.likes ?? -1, score: post?.score };
    },
  },
  {
    kind: "comment",
    like: "likeComment",
    unlike: "unlikeComment",
    notFound: "COMMENT_NOT_FOUND",
    again: "COMMENT_LIKE_ALREADY_EXISTS",
    notLiked: "COMMENT_LIKE_NOT_EXISTS",
    statements: 6,
    make: async () => (await app.comment(author, (await app.post(author)).id)).id,
    likesOf: async (id: number): Promise<Likes> => ({ count: (await app.commentState(id))?.likes ?? -1 }),
  },
] as const;

describe.each(KINDS)("a like of a $kind", (kind) => {
  const like = (id: number, memberId: number) => app.call(kind.like, { id }, memberId);
  const unlike = (id: number, memberId: number) => app.call(kind.unlike, { id }, memberId);
  const stored = (count: number) => (kind.kind === "post" ? { count, score: 2 * count } : { count });

  test("counts once and can be taken back once", async () => {
    const id = await kind.make();
    await expect(unlike(id, author)).rejects.toMatchObject({ type: kind.notLiked, code: 400 });
    expect(await like(id, author)).toBe(true);
    expect(await kind.likesOf(id)).toEqual(stored(1));
    await expect(like(id, author)).rejects.toMatchObject({ type: kind.again, code: 400 });
    expect(await kind.likesOf(id)).toEqual(stored(1));
    expect(await unlike(id, author)).toBe(true);
    await expect(unlike(id, author)).rejects.toMatchObject({ type: kind.notLiked, code: 400 });
    expect(await kind.likesOf(id)).toEqual(stored(0));
    expect(await like(id, author)).toBe(true);
    await app.expectExactCounters();
  });

  test("needs something to like", async () => {
    await expect(like(987_654_321, author)).rejects.toMatchObject({ type: kind.notFound, code: 404 });
    await expect(unlike(987_654_321, author)).rejects.toMatchObject({ type: kind.notFound, code: 404 });
  });

  test("by one member 50 times at once is one like, and so is taking it back", async () => {
    const id = await kind.make();
    const fifty = Array.from({ length: 50 });
    const transactions = await transactionsOf(app.database, async () => {
      expect(await outcomesOf(fifty.map(() => like(id, author)))).toEqual({ done: 1, [kind.again]: 49 });
      expect(await kind.likesOf(id)).toEqual(stored(1));
      expect(await outcomesOf(fifty.map(() => unlike(id, author)))).toEqual({ done: 1, [kind.notLiked]: 49 });
    });
    expect(transactions, RETRIED).toBe(100);
    expect(await kind.likesOf(id)).toEqual(stored(0));
    await app.expectExactCounters();
  });

  test("by 200 members at once is 200 likes", async () => {
    const id = await kind.make();
    const members = Array.from({ length: 200 }, (_, index) => 1_000 + index);
    const transactions = await transactionsOf(app.database, async () => {
      expect(await outcomesOf(members.map((member) => like(id, member)))).toEqual({ done: 200 });
    });
    expect(transactions, RETRIED).toBe(200);
    expect(await kind.likesOf(id)).toEqual(stored(200));
    await app.expectExactCounters();
  });

  test("and others taken back at the same time, on several of them, stay exact", async () => {
    const ids = [await kind.make(), await kind.make(), await kind.make()];
    const members = Array.from({ length: 20 }, (_, index) => 2_000 + index);
    const [even, odd] = [0, 1].map((rest) => members.filter((member) => member % 2 === rest)) as [
      number[],
      number[],
    ];
    const each = (list: number[], work: (id: number, member: number) => Promise<unknown>) =>
      list.flatMap((member) => ids.map((id) => work(id, member)));
    await Promise.all(each(even, like));
    const transactions = await transactionsOf(app.database, async () => {
      expect(await outcomesOf([...each(odd, like), ...each(even, unlike)])).toEqual({ done: 60 });
    });
    expect(transactions, RETRIED).toBe(60);
    for (const id of ids) expect(await kind.likesOf(id)).toEqual(stored(10));
    await app.expectExactCounters();
  });

  test("takes no more statements than it needs", async () => {
    const id = await kind.make();
    expect(await statementsOf(app.database, () => like(id, author))).toHaveLength(kind.statements);
    expect(await statementsOf(app.database, () => unlike(id, author))).toHaveLength(kind.statements);
  });
});
