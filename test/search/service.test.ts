import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { CommentDto } from "../../contracts/dto/post.ts";
import type { EventType } from "../../contracts/events.ts";
import { reportHealth } from "../../lib/health/health-check.ts";
import { withdrawMember } from "../support/fixtures.ts";
import { verbsOf } from "../support/statements.ts";
import { idsOf, SearchApp } from "./search-app.ts";

/** Nobody takes events here: the tests hand them over, in the order they want. */
let app: SearchApp;
let author: number;
let reader: number;

beforeAll(async () => {
  app = await SearchApp.start("off");
  [author, reader] = [await app.member("author"), await app.member("reader")];
});
afterAll(() => app.stop());
afterEach(() => {
  app.index.isAway = false;
  app.index.broken = () => undefined;
  app.index.beforePut = async () => undefined;
});

interface Told {
  readonly memberId?: number;
  readonly postId?: number;
  readonly commentId?: number;
}

let offset = 0;

function message(type: EventType, { memberId = author, postId, commentId }: Told, value: object = {}) {
  const at = new Date().toISOString();
  const event = {
    ...{ eventId: randomUUID(), memberId, postId: postId ?? null, commentId: commentId ?? null },
    ...{ memberActivityType: type, createdAt: at, updatedAt: at, ...value },
  };
  return {
    ...{ topic: "member-activity-20260131", partition: 1, offset: String(++offset), headers: {} },
    ...{ key: `member_activity:kafka_event:${type}###${event.eventId}`, value: JSON.stringify(event) },
  };
}

function happen(...messages: ReturnType<typeof message>[]) {
  return app.search.events.apply(messages);
}

async function indexedPost(content: string, title?: string): Promise<number> {
  const { id } = await app.post(author, content, title);
  await happen(message("POST_CREATE", { postId: id }));
  return id;
}

async function indexedComment(postId: number, content: string, parentId?: number): Promise<CommentDto> {
  const comment = await app.comment(author, postId, content, parentId);
  await happen(message("COMMENT_CREATE", { postId, commentId: comment.id }));
  return comment;
}

const openLetters = () => app.search.deadLetters.list({ consumer: "search", isCompleted: false }, 100);

describe("what is found", () => {
  it("is a post as the reader sees it, with highlights in title and content", async () => {
    const id = await indexedPost("오늘은 <b>하늘</b>이 맑다", "하늘");
    await app.services.call("content.likePost", { id }, reader);
    const page = await app.posts(" 하늘 ", reader);
    const [plain] = await app.services.call<object[]>("timeline.queryPosts", { ids: [id] }, reader);
    expect(page).toEqual({
      content: [{ ...plain, liked: true, authorHandle: "author", highlights: expect.anything() }],
      ...{ page: 0, size: 20, hasNext: false, nextCursor: null },
      ...{ totalElements: 1, totalPages: 1, hasPrevious: false, first: true, last: true },
    });
    const [found] = page.content;
    expect(found?.highlights.map(({ field }) => field)).toEqual(["title", "content"]);
    expect(found?.highlights[0]?.snippet).toBe("<mark>하늘</mark>");
    expect(found?.highlights[1]?.snippet).toContain("&lt;b&gt;<mark>하늘</mark>&lt;/b&gt;");
  });

  it("are comments of all posts, or of one, and members", async () => {
    const [one, two] = [await indexedPost("하나"), await indexedPost("둘")];
    const first = await indexedComment(one, "바다 냄새");
    const second = await indexedComment(two, "바다 소리", undefined);
    expect(idsOf(await app.comments("바다", reader))).toEqual([second.id, first.id]);
    const ofOne = await app.services.call<{ content: CommentDto[] }>(
      "search.searchPostComments",
      { postId: one, keyword: "바다" },
      reader,
    );
    expect(ofOne.content).toEqual([
      { ...first, highlights: [expect.objectContaining({ field: "content" })] },
    ]);
    await happen(message("MEMBER_SIGNUP", { memberId: author }));
    const members = await app.members("author", reader);
    expect(members.content).toEqual(
      await app.services.call("member.getSummaries", { memberIds: [author] }, reader),
    );
  });

  it("are all comments of a post where no keyword is given, newest first, of every level", async () => {
    const postId = (await app.post(author, "글")).id;
    const top = await app.comment(author, postId, "하나");
    const reply = await app.comment(author, postId, "둘", top.id);
    const other = await app.comment(author, postId, "셋");
    const deep = await app.comment(author, postId, "넷", reply.id);
    const gone = await app.comment(author, postId, "다섯");
    await app.services.call("content.deleteComment", { id: gone.id }, author);
    const read = (paging: object) =>
      app.services.call<{ content: CommentDto[]; totalElements: number; nextCursor: string | null }>(
        "search.searchPostComments",
        { postId, ...paging },
        reader,
      );
    const all = await read({ keyword: " " });
    expect([idsOf(all), all.totalElements]).toEqual([[deep.id, other.id, reply.id, top.id], 4]);
    const first = await read({ size: 3 });
    expect(idsOf(await read({ size: 3, cursor: first.nextCursor }))).toEqual([top.id]);
    expect(idsOf(await read({ size: 3, page: 1 }))).toEqual([top.id]);
    await app.services.call("content.deletePost", { id: postId }, author);
    await expect(read({})).rejects.toMatchObject({ type: "POST_NOT_FOUND" });
    await expect(read({ keyword: "하나" })).rejects.toMatchObject({ type: "POST_NOT_FOUND" });
  });

  it("costs one question to the index and a fixed number of statements", async () => {
    for (let index = 0; index < 12; index++) await indexedPost(`고정 ${index}`);
    const verbs = (size: number) => verbsOf(app.database, () => app.posts("고정", reader, { size }));
    expect(await verbs(1)).toEqual(["SELECT"]);
    expect(await verbs(10)).toEqual(["SELECT"]);
    expect(await verbsOf(app.database, () => app.comments("바다", reader))).toEqual(["SELECT"]);
    expect(await verbsOf(app.database, () => app.members("author", reader))).toEqual(["SELECT"]);
    expect(await verbsOf(app.database, () => app.posts("없는말", reader))).toEqual([]);
  });

  it("is walked by page and by cursor without loss or repetition", async () => {
    const ids: number[] = [];
    for (let index = 0; index < 7; index++) ids.unshift(await indexedPost(`걷기 ${index}`));
    const byPage = [0, 1, 2, 3].map((page) => app.posts("걷기", reader, { page, size: 2 }));
    expect((await Promise.all(byPage)).map(idsOf)).toEqual([
      ids.slice(0, 2),
      ids.slice(2, 4),
      ids.slice(4, 6),
      ids.slice(6),
    ]);
    const walked: number[] = [];
    let cursor: string | null = "";
    for (let page = 0; cursor !== null; page++) {
      const answer: Awaited<ReturnType<typeof app.posts>> = await app.posts("걷기", reader, {
        size: 2,
        cursor,
      });
      expect(answer).toMatchObject({ page, totalElements: 7, totalPages: 4, hasPrevious: page > 0 });
      walked.push(...idsOf(answer));
      cursor = answer.nextCursor;
    }
    expect(walked).toEqual(ids);
  });

  it("takes no cursor of another keyword, and no page beyond 10,000", async () => {
    for (let index = 0; index < 3; index++) await indexedPost(`가나 ${index}`);
    const { nextCursor } = await app.posts("가나", reader, { size: 1 });
    await expect(app.posts("걷기", reader, { cursor: nextCursor })).rejects.toMatchObject({
      type: "INVALID_CURSOR",
    });
    await expect(app.comments("가나", reader, { cursor: nextCursor })).rejects.toMatchObject({
      type: "INVALID_CURSOR",
    });
    await expect(app.posts("가나", reader, { page: 101, size: 100 })).rejects.toMatchObject({
      type: "PAGE_TOO_DEEP",
    });
  });

  it("needs 1 to 100 characters, whatever spaces stand around them", async () => {
    for (const keyword of ["", "   ", "가".repeat(101)]) {
      await expect(app.posts(keyword, reader)).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
    }
    await app.posts(` ${"😀".repeat(100)} `, reader);
  });

  it("is never what was deleted, even while the index doesn't know it: the page is shorter", async () => {
    const ids: number[] = [];
    for (let index = 0; index < 5; index++) ids.unshift(await indexedPost(`남은 ${index}`));
    await app.services.call("content.deletePost", { id: ids[1] }, author);
    const page = (number: number) => app.posts("남은", reader, { size: 2, page: number });
    expect(idsOf(await page(0))).toEqual([ids[0]]);
    expect(idsOf(await page(1))).toEqual([ids[2], ids[3]]);
    expect((await page(0)).hasNext).toBe(true);
    await happen(message("POST_DELETE", { postId: ids[1] ?? 0 }));
    expect((await page(0)).totalElements).toBe(4);
    expect(idsOf(await page(0))).toEqual([ids[0], ids[2]]);
  });
});

describe("events", () => {
  it("of an edit make the new text found and the old one not", async () => {
    const id = await indexedPost("옛날 글자");
    await app.services.call("content.updatePost", { id, content: "새로운 글자" }, author);
    await happen(message("POST_UPDATE", { postId: id }));
    expect(idsOf(await app.posts("옛날 글자", reader))).toEqual([]);
    expect(idsOf(await app.posts("새로운 글자", reader))).toEqual([id]);
  });

  it("may repeat, and may come in any order", async () => {
    const id = (await app.post(author, "순서 하나")).id;
    await app.services.call("content.updatePost", { id, content: "순서 둘" }, author);
    const [created, updated] = [
      message("POST_CREATE", { postId: id }),
      message("POST_UPDATE", { postId: id }),
    ];
    for (const batch of [[updated], [created, updated], [updated, created], [created]])
      await happen(...batch);
    expect(app.index.serving.posts.get(id)).toEqual({ id, title: "", content: "순서 둘" });
    await app.services.call("content.deletePost", { id }, author);
    for (const batch of [[message("POST_DELETE", { postId: id })], [created], [updated]])
      await happen(...batch);
    expect(app.index.serving.posts.has(id)).toBe(false);
  });

  it("of a batch cost two questions to each owner, however many they are", async () => {
    const posts = await Promise.all(
      Array.from({ length: 30 }, (_, index) => app.post(author, `묶음 ${index}`)),
    );
    const messages = posts.flatMap(({ id }) => [
      message("POST_CREATE", { postId: id }),
      message("POST_UPDATE", { postId: id }),
    ]);
    expect(await verbsOf(app.database, () => happen(...messages))).toEqual(["SELECT", "SELECT"]);
    expect((await app.posts("묶음", reader)).totalElements).toBe(30);
  });

  it("of a deleted comment take everything under it away; of a deleted post its comments", async () => {
    const postId = await indexedPost("나무 글");
    const top = await indexedComment(postId, "나무 하나");
    const reply = await indexedComment(postId, "나무 둘", top.id);
    const deep = await indexedComment(postId, "나무 셋", reply.id);
    const other = await indexedComment(postId, "나무 넷");
    expect(app.index.serving.comments.get(deep.id)?.ancestorIds).toEqual([top.id, reply.id]);
    await app.services.call("content.deleteComment", { id: reply.id }, author);
    await happen(message("COMMENT_DELETE", { postId, commentId: reply.id }));
    expect(idsOf(await app.comments("나무", reader))).toEqual([other.id, top.id]);
    expect(app.index.serving.comments.has(deep.id)).toBe(false);
    // A late event of what went with it changes nothing.
    await happen(message("COMMENT_CREATE", { postId, commentId: deep.id }));
    expect(app.index.serving.comments.has(deep.id)).toBe(false);
    await app.services.call("content.deletePost", { id: postId }, author);
    await happen(message("POST_DELETE", { postId }));
    expect(app.index.serving.comments.has(top.id) || app.index.serving.comments.has(other.id)).toBe(false);
  });

  it("of a withdrawal take the member away, and leave what it wrote without its name", async () => {
    const leaver = await app.member("leaver");
    const { id } = await app.post(leaver, "떠난 글");
    await happen(
      message("MEMBER_SIGNUP", { memberId: leaver }),
      message("POST_CREATE", { memberId: leaver, postId: id }),
    );
    expect(idsOf(await app.members("leaver", reader))).toEqual([leaver]);
    await withdrawMember(app.database, leaver);
    expect(idsOf(await app.members("leaver", reader))).toEqual([]);
    await happen(message("MEMBER_WITHDRAW", { memberId: leaver }));
    expect(app.index.serving.members.has(leaver)).toBe(false);
    expect((await app.posts("떠난", reader)).content).toEqual([
      expect.objectContaining({ id, authorName: "탈퇴한 사용자", authorHandle: null }),
    ]);
  });

  it("that an edit overtakes leave the newest text, also when another node writes an older one last", async () => {
    const { id } = await app.post(author, "경주 하나");
    let raced = false;
    app.index.beforePut = async () => {
      if (raced) return;
      raced = true;
      // Between the read and the write of this node, another node sees an edit through.
      await app.services.call("content.updatePost", { id, content: "경주 둘" }, author);
      await happen(message("POST_UPDATE", { postId: id }));
    };
    await happen(message("POST_CREATE", { postId: id }));
    expect(app.index.serving.posts.get(id)?.content).toBe("경주 둘");
  });

  it("that can't be read are dead letters at once, the others are applied", async () => {
    const { id } = await app.post(author, "독 옆");
    const broken = { ...message("POST_CREATE", { postId: id }), value: "{" };
    const wrong = message("POST_CREATE", { postId: id }, { memberId: "one" });
    expect(await happen(broken, wrong, message("POST_CREATE", { postId: id }))).toEqual({
      indexed: 1,
      parked: 2,
    });
    const letters = await openLetters();
    expect(letters.map(({ category }) => category).sort()).toEqual(["INVALID_EVENT", "MALFORMED_JSON"]);
    expect(app.index.serving.posts.has(id)).toBe(true);
    await app.search.deadLetters.discard(
      letters.map((letter) => letter.id),
      Date.now(),
    );
  });

  it("that keep failing are parked alone, and applied again once the cause is gone", async () => {
    const [bad, good] = [await app.post(author, "나쁜"), await app.post(author, "좋은")];
    app.index.broken = (_kind, id) => (id === bad.id ? new Error("no place") : undefined);
    const failing = message("POST_CREATE", { postId: bad.id });
    expect(await happen(failing, message("POST_CREATE", { postId: good.id }))).toEqual({
      indexed: 2,
      parked: 1,
    });
    expect(app.index.serving.posts.has(good.id)).toBe(true);
    const [letter] = await openLetters();
    expect(letter).toMatchObject({ side: "LISTENER", messageKey: failing.key, category: "HANDLER_FAILED" });
    const { key, value } = failing;
    await expect(app.services.call("search.applyAgain", { key, value })).rejects.toThrow("no place");
    app.index.broken = () => undefined;
    await app.services.call("search.applyAgain", { key, value });
    expect(app.index.serving.posts.has(bad.id)).toBe(true);
    await app.search.deadLetters.discard([letter?.id ?? ""], Date.now());
  });
});

describe("an index that is away", () => {
  it("makes the search unavailable, and the events wait", async () => {
    const id = await indexedPost("기다림 하나");
    app.index.isAway = true;
    await expect(app.posts("기다림", reader)).rejects.toMatchObject({
      type: "SERVICE_UNAVAILABLE",
      code: 503,
    });
    await expect(app.comments("기다림", reader)).rejects.toMatchObject({ type: "SERVICE_UNAVAILABLE" });
    await expect(app.members("기다림", reader)).rejects.toMatchObject({ type: "SERVICE_UNAVAILABLE" });
    expect((await reportHealth(app.search.healthChecks)).failing).toEqual(["search"]);
    await app.services.call("content.updatePost", { id, content: "기다림 둘" }, author);
    const late = message("POST_UPDATE", { postId: id });
    await expect(happen(late)).rejects.toThrow("away");
    expect(await openLetters()).toEqual([]);
    app.index.isAway = false;
    await happen(late);
    expect(idsOf(await app.posts("기다림 둘", reader))).toEqual([id]);
    expect((await reportHealth(app.search.healthChecks)).failing).toEqual([]);
  });

  it("leaves events that come by a call among the dead letters", async () => {
    const { id } = await app.post(author, "전화");
    const { key, value } = message("POST_CREATE", { postId: id });
    app.index.isAway = true;
    expect(await app.services.call("search.applyEvents", { messages: [{ key, value }] })).toEqual({
      indexed: 0,
      parked: 1,
    });
    app.index.isAway = false;
    const [letter] = await openLetters();
    expect(letter).toMatchObject({ messageKey: key, category: "HANDLER_FAILED" });
    await app.services.call("search.applyAgain", { key, value });
    expect(idsOf(await app.posts("전화", reader))).toEqual([id]);
  });
});
