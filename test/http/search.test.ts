import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, startApp } from "../support/app.ts";
import { type Answer, Client, PASSWORD, type Session } from "../support/client.ts";

/** The search section of the contract, over HTTP. */

/** Milliseconds until what is written must be found; ends only what hangs. */
const SOON = { timeout: 30_000 };

let app: App;
let nobody: Client;
let mina: Client;
let reader: Client;
let readerSession: Session;

beforeAll(async () => {
  app = await startApp();
  nobody = new Client(app.url);
  mina = nobody.as(await nobody.join("mina"));
  readerSession = await nobody.join("reader");
  reader = nobody.as(readerSession);
});
afterAll(() => app.stop());

function search(what: string, keyword: string, paging: Record<string, string> = {}, client = reader) {
  return client.get(`/api/search/${what}?${new URLSearchParams({ keyword, ...paging })}`);
}

function idsOf({ body }: Answer): number[] {
  return body.data.content.map(({ id }: { id: number }) => id);
}

async function idsFound(what: string, keyword: string): Promise<number[]> {
  return idsOf(await search(what, keyword));
}

async function idOf(answer: Promise<Answer>): Promise<number> {
  return (await answer).body.data.id;
}

function post(content: string, title?: string): Promise<number> {
  return idOf(mina.post("/api/posts", { content, ...(title ? { title } : {}) }));
}

function comment(postId: number, content: string, parentId?: number): Promise<number> {
  return idOf(
    parentId
      ? mina.post("/api/comments/replies", { postId, parentId, content })
      : mina.post("/api/comments", { postId, content }),
  );
}

/** Posts whose texts all have the word, newest first, once all are found. */
async function foundPosts(word: string, ...texts: readonly string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const text of texts) ids.unshift(await post(text));
  await expect
    .poll(() => search("posts", word, { size: "100" }).then(idsOf), SOON)
    .toHaveLength(texts.length);
  return ids;
}

describe("posts", () => {
  it("come as they are in the timeline, in a page, with what matches marked", async () => {
    const id = await post("오늘 <b>날씨가</b> 정말 좋다 & 맑다", "날씨 이야기");
    await reader.post(`/api/posts/${id}/like`);
    await expect.poll(() => idsFound("posts", "날씨"), SOON).toEqual([id]);
    const { status, body } = await search("posts", "날씨");
    expect([status, body.status, body.result]).toEqual([200, 200, "SUCCESS"]);
    const { content, ...page } = body.data;
    expect(page).toEqual({
      ...{ page: 0, size: 20, hasNext: false, nextCursor: null },
      ...{ totalElements: 1, totalPages: 1, hasPrevious: false, first: true, last: true },
    });
    const [{ highlights, ...shown }] = content;
    expect(shown).toEqual((await reader.get(`/api/timeline/posts/${id}`)).body.data);
    expect(shown.liked).toBe(true);
    expect(highlights).toEqual([
      { field: "title", snippet: "<mark>날씨</mark> 이야기" },
      { field: "content", snippet: "오늘 &lt;b&gt;<mark>날씨</mark>가&lt;/b&gt; 정말 좋다 &amp; 맑다" },
    ]);
  });

  it("are found by any part of two letters and more, in any script", async () => {
    const id = await post("영화배우들이 Stockholm에서 東京タワー 사진을 찍었다");
    await expect.poll(() => idsFound("posts", "영화배우"), SOON).toEqual([id]);
    for (const keyword of ["배우", "배우들이", "화배", "STOCK", "kholm", "ock", "東京", "タワ", "옥홀"]) {
      expect([keyword, await idsFound("posts", keyword)]).toEqual([keyword, keyword === "옥홀" ? [] : [id]]);
    }
  });

  it("are found by one letter", async () => {
    const id = await post("닭 Q 魚");
    await expect.poll(() => idsFound("posts", "닭"), SOON).toEqual([id]);
    expect(await idsFound("posts", "魚")).toEqual([id]);
    expect(await idsFound("posts", "q")).toContain(id);
  });

  it("are found by several words in any order, which all must be there; signs count as spaces", async () => {
    const [both, left, right] = [
      await post("제주도 바다! 사진..."),
      await post("제주도 한라산"),
      await post("동해 바다"),
    ];
    await expect.poll(() => idsFound("posts", "바다"), SOON).toEqual([right, both]);
    await expect.poll(() => idsFound("posts", "제주도"), SOON).toEqual([left, both]);
    for (const keyword of [
      "제주도 바다",
      "바다 제주도",
      "바다, (제주도)",
      " #제주도   #바다 ",
      "바다-제주",
    ]) {
      expect([keyword, await idsFound("posts", keyword)]).toEqual([keyword, [both]]);
    }
  });

  it("are not found by signs alone", async () => {
    for (const keyword of ["!", "***", '"', "' OR 1=1 --".replace(/[\w\s]/g, ""), "😀", "\u0000"]) {
      const { status, body } = await search("posts", keyword);
      expect([keyword, status, body.data?.content, body.data?.totalElements]).toEqual([keyword, 200, [], 0]);
    }
  });

  it("are not found by what an engine would take for its own language", async () => {
    const [id] = await foundPosts("알파벳", "알파벳 alpha beta");
    for (const keyword of [
      ...["alpha OR gamma", "NOT gamma", "alpha NEAR gamma", "alpha -beta2", "title:gamma"],
      ...['"alpha gamma"', "gam*", "{content} : gamma", "alpha) OR (gamma", "&& alpha || gamma", "%", "_"],
    ]) {
      const { status, body } = await search("posts", keyword);
      expect([keyword, status, body.data?.content]).toEqual([keyword, 200, []]);
    }
    expect(await idsFound("posts", '"alpha" (beta)*')).toEqual([id]);
  });

  it("are found with one wrong letter, exact ones first", async () => {
    const [typo, exact] = [await post("오늘은 스타벅시에서"), await post("오늘은 스타벅스에서")];
    const [latin] = await foundPosts("kubernetes", "kubernetes 배우기");
    await expect.poll(() => idsFound("posts", "스타벅스"), SOON).toEqual([exact, typo]);
    for (const keyword of ["kubernates", "kuberntes", "kubbernetes", "kubenretes"]) {
      expect([keyword, await idsFound("posts", keyword)]).toEqual([keyword, [latin]]);
    }
    expect(await idsFound("posts", "kxbxrnetes")).toEqual([]);
  });

  it("come best match first, then newest, and page by page without loss or repetition", async () => {
    const texts = Array.from({ length: 23 }, (_, index) => `갈매기 ${index}`);
    const ids = await foundPosts("갈매기", ...texts);
    const titled = await post("아무 말", "갈매기");
    await post("나중에 온 갈매기");
    await expect.poll(async () => (await search("posts", "갈매기")).body.data.totalElements, SOON).toBe(25);
    const whole = idsOf(await search("posts", "갈매기", { size: "100" }));
    expect(whole[0]).toBe(titled);
    expect(whole.slice(2)).toEqual(ids);

    const numbered: number[] = [];
    for (let page = 0; page < 4; page++) {
      const answer = await search("posts", "갈매기", { page: String(page), size: "7" });
      expect(answer.body.data).toMatchObject({
        ...{ page, size: 7, totalElements: 25, totalPages: 4 },
        ...{ hasNext: page < 3, last: page === 3, first: page === 0, hasPrevious: page > 0 },
      });
      numbered.push(...idsOf(answer));
    }
    expect(numbered).toEqual(whole);
    const walked: number[] = [];
    for (let cursor = ""; ; ) {
      const answer = await search("posts", "갈매기", { size: "4", cursor });
      walked.push(...idsOf(answer));
      cursor = answer.body.data.nextCursor;
      if (cursor === null) break;
    }
    expect(walked).toEqual(whole);
    expect(idsOf(await search("posts", "갈매기", { page: "9" }))).toEqual([]);
  });
});

describe("comments", () => {
  it("are found in all posts, and in one; without a keyword all of a post, newest first", async () => {
    const [one, other] = await foundPosts("댓글판", "댓글판 하나", "댓글판 둘");
    const top = await comment(one as number, "무지개가 떴다");
    const reply = await comment(one as number, "쌍무지개!", top);
    const elsewhere = await comment(other as number, "무지개 빛깔");
    await expect
      .poll(async () => (await idsFound("comments", "무지개")).toSorted(), SOON)
      .toEqual([top, reply, elsewhere].toSorted());
    const { body } = await search(`comments/posts/${one}`, "무지개");
    expect(idsOf({ body } as Answer).toSorted()).toEqual([top, reply].toSorted());
    const { highlights, ...shown } = body.data.content.find(({ id }: { id: number }) => id === top);
    expect(highlights).toEqual([{ field: "content", snippet: "<mark>무지개</mark>가 떴다" }]);
    expect(shown).toEqual((await reader.get(`/api/timeline/comments/${top}`)).body.data);
    for (const keyword of ["", "?keyword=", "?keyword=%20"]) {
      const all = await reader.get(`/api/search/comments/posts/${one}${keyword}`);
      expect([keyword, idsOf(all), all.body.data.totalElements]).toEqual([keyword, [reply, top], 2]);
    }
    expect((await search("comments/posts/999999", "무지개")).body.code).toBe("POST_NOT_FOUND");
  });

  it("go with what is above them: the comment, or the post", async () => {
    const [postId] = (await foundPosts("나무판", "나무판")) as [number];
    const top = await comment(postId, "소나무 하나");
    const reply = await comment(postId, "소나무 둘", top);
    const deep = await comment(postId, "소나무 셋", reply);
    const other = await comment(postId, "소나무 넷");
    await expect.poll(() => idsFound("comments", "소나무"), SOON).toEqual([other, deep, reply, top]);
    await mina.delete(`/api/comments/${reply}`);
    // At once, whatever the index knows: what is shown comes from its owner.
    expect(await idsFound("comments", "소나무")).toEqual([other, top]);
    await expect.poll(async () => (await search("comments", "소나무")).body.data.totalElements, SOON).toBe(2);
    await mina.delete(`/api/posts/${postId}`);
    expect(await idsFound("comments", "소나무")).toEqual([]);
    await expect.poll(async () => (await search("comments", "소나무")).body.data.totalElements, SOON).toBe(0);
    expect((await search(`comments/posts/${postId}`, "소나무")).status).toBe(404);
  });
});

describe("members", () => {
  const handlesFound = async (keyword: string): Promise<string[]> =>
    (await search("members", keyword)).body.data.content.map(({ handle }: { handle: string }) => handle);

  async function member(handle: string, displayName: string, more: object = {}): Promise<Client> {
    const account = { email: `${handle}@example.com`, password: PASSWORD, memberName: "비밀이름", handle };
    const signup = await nobody.post("/api/authentication/signup", { ...account, displayName, ...more });
    expect(signup.status).toBe(200);
    return nobody.as(await nobody.login(handle));
  }

  it("are found by handle and display name, prefixes and one wrong letter, as summaries", async () => {
    await member("skywalker", "하늘을걷는자");
    await expect.poll(() => handlesFound("skywalker"), SOON).toEqual(["skywalker"]);
    for (const keyword of [
      "sky",
      "SkyW",
      "walker",
      "하늘",
      "하늘을걷",
      "skywalcer",
      "하늘을걷는자",
      "하늘을건는자",
    ]) {
      expect([keyword, await handlesFound(keyword)]).toEqual([keyword, ["skywalker"]]);
    }
    const { body } = await search("members", "skywalker");
    const [found] = body.data.content;
    expect(found).toEqual((await reader.get(`/api/members/${found.id}/summary`)).body.data);
    expect(body.data).toMatchObject({ page: 0, size: 20, totalElements: 1, last: true });
  });

  it("are not found by what is private: their real name, their e-mail address", async () => {
    await member("hidden_one", "숨은이", { privacyLevel: "PRIVATE" });
    await expect.poll(() => handlesFound("hidden_one"), SOON).toEqual(["hidden_one"]);
    for (const keyword of ["비밀이름", "example", "hidden_one@example.com"]) {
      expect([keyword, await handlesFound(keyword)]).toEqual([keyword, []]);
    }
    expect(JSON.stringify((await search("members", "hidden_one")).body)).not.toContain("비밀이름");
  });

  it("are found by their new names only, and never after they left", async () => {
    const client = await member("before_name", "옛날이름");
    await expect.poll(() => handlesFound("before_name"), SOON).toEqual(["before_name"]);
    const id = await idOf(client.post("/api/posts", { content: "남겨 둔 발자취" }));
    await client.put("/api/members/profile", { displayName: "새로운이름" });
    await client.put("/api/members/profile/handle", { newHandle: "after_name" });
    await expect.poll(() => handlesFound("after_name"), SOON).toEqual(["after_name"]);
    await expect.poll(() => handlesFound("새로운이름"), SOON).toEqual(["after_name"]);
    expect([await handlesFound("before_name"), await handlesFound("옛날이름")]).toEqual([[], []]);
    await expect.poll(() => idsFound("posts", "발자취"), SOON).toEqual([id]);

    const gone = await client.delete("/api/authentication/deactivate", { password: PASSWORD });
    expect(gone.status).toBe(200);
    expect(await handlesFound("after_name")).toEqual([]);
    await expect
      .poll(async () => (await search("members", "after_name")).body.data.totalElements, SOON)
      .toBe(0);
    const [left] = (await search("posts", "발자취")).body.data.content;
    expect(left).toMatchObject({ id, authorName: "탈퇴한 사용자", authorHandle: null });
  });
});

describe("edits and deletions", () => {
  it("are seen by everybody: the new text only, and nothing that is gone", async () => {
    const [id] = (await foundPosts("코끼리", "코끼리 한 마리")) as [number];
    const commentId = await comment(id, "하마 한 마리");
    await expect.poll(() => idsFound("comments", "하마"), SOON).toEqual([commentId]);
    await mina.put(`/api/posts/${id}`, { title: "새 제목", content: "기린 한 마리" });
    await mina.put(`/api/comments/${commentId}`, { content: "얼룩말 한 마리" });
    await expect.poll(() => idsFound("posts", "기린"), SOON).toEqual([id]);
    await expect.poll(() => idsFound("comments", "얼룩말"), SOON).toEqual([commentId]);
    expect([await idsFound("posts", "코끼리"), await idsFound("comments", "하마")]).toEqual([[], []]);
    expect(await idsFound("posts", "새 제목")).toEqual([id]);
    await mina.delete(`/api/posts/${id}`);
    expect(await idsFound("posts", "기린")).toEqual([]);
    await expect.poll(async () => (await search("posts", "기린")).body.data.totalElements, SOON).toBe(0);
  });
});

describe("what can't be searched", () => {
  const LISTS = ["posts", "comments", "members"];

  it.each(LISTS)("%s need a token and a keyword of 1 to 100 characters", async (what) => {
    expect((await search(what, "무엇", {}, nobody)).status).toBe(401);
    for (const bad of ["", "?keyword=", "?keyword=%20%20", `?keyword=${"x".repeat(101)}`]) {
      const { status, body } = await reader.get(`/api/search/${what}${bad}`);
      expect([bad, status, body.code, body.errors?.[0]?.field]).toEqual([
        ...[bad, 400, "VALIDATION_ERROR", "keyword"],
      ]);
    }
    for (const fits of ["x".repeat(100), "😀".repeat(100), `  ${"가".repeat(100)}  `, "가"]) {
      expect([fits, (await search(what, fits)).status]).toEqual([fits, 200]);
    }
    for (const twice of ["keyword=a&keyword=b", "keyword[x]=1"]) {
      expect([twice, (await reader.get(`/api/search/${what}?${twice}`)).status < 500]).toEqual([twice, true]);
    }
    expect((await reader.post(`/api/search/${what}`, { keyword: "무엇" })).status).toBe(405);
  });

  it("by a keyword that is too long, nor within a post, nor by a cursor of another search", async () => {
    const [id] = await foundPosts("문장부호", "문장부호", "문장부호 둘");
    expect((await search(`comments/posts/${id}`, "x".repeat(101))).status).toBe(400);
    expect((await search("comments/posts/abc", "x")).status).toBe(400);
    const { nextCursor } = (await search("posts", "문장부호", { size: "1" })).body.data;
    expect(idsOf(await search("posts", "문장부호", { cursor: nextCursor }))).toHaveLength(1);
    for (const [what, keyword] of [
      ["posts", "문장"],
      ["comments", "문장부호"],
      ["members", "문장부호"],
    ] as const) {
      const { status, body } = await search(what, keyword, { cursor: nextCursor });
      expect([what, keyword, status, body.code]).toEqual([what, keyword, 400, "INVALID_CURSOR"]);
    }
    const deep = await search("posts", "문장부호", { page: "101", size: "100" });
    expect([deep.status, deep.body.code]).toEqual([400, "PAGE_TOO_DEEP"]);
  });
});
