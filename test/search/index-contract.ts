import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { keystrokes } from "../../lib/search/hangul.ts";
import type { SearchIndex, SearchResult } from "../../lib/search/search-index.ts";
import { typed } from "./keyboard.ts";

/** An index that is empty, for one test. */
export interface IndexUnderTest {
  /** A client of its own, as another process has; not open yet. The contract closes it. */
  connect(): SearchIndex;
  remove(): Promise<void>;
}

const PAGE = { offset: 0, limit: 20 };

/** What every index does, whatever it is made of. */
export function searchIndexContract(make: () => Promise<IndexUnderTest>): void {
  let under: IndexUnderTest;
  let index: SearchIndex;
  const connected: SearchIndex[] = [];

  async function connect(): Promise<SearchIndex> {
    const client = under.connect();
    connected.push(client);
    await client.open();
    return client;
  }

  async function start(): Promise<void> {
    under = await make();
    index = await connect();
  }

  async function stop(): Promise<void> {
    for (const client of connected.splice(0)) await client.close();
    await under.remove();
  }

  const posts = async (keyword: string, page: object = {}, client = index) =>
    client.findPosts({ keyword, ...PAGE, ...page });
  const idsOf = async (result: Promise<SearchResult>) => (await result).ids;
  const comments = (keyword: string, postId?: number) =>
    idsOf(index.findComments({ keyword, ...PAGE }, postId));
  const members = (keyword: string) => idsOf(index.findMembers({ keyword, ...PAGE }));
  const post = (id: number, content: string, title = "") => ({ id, title, content });
  const comment = (id: number, postId: number, content: string, ancestorIds: number[] = []) => ({
    ...{ id, postId, content, ancestorIds },
  });

  describe("finds texts", () => {
    const TEXTS = [
      "오늘 날씨가 정말 좋다!",
      "서울날씨 정보 #날씨스타그램",
      "영화배우들이 나오는 영화",
      "좋다.감동_최고 집밥",
      "Node.js와 TypeScript로 만든 API",
      "인스타그램에서 본 맛집",
      "ㅋㅋㅋ ㅠㅠ 100% 4DX 상영관",
      "東京タワーとМосква café 😀",
      "재미없는 이야기",
      "youtube에서 봤다",
      '"따옴표" AND OR NOT (괄호) * ^ 별 : title - {열}',
    ];
    beforeAll(async () => {
      await start();
      await index.putPosts(TEXTS.map((text, at) => post(at + 1, text)));
    });
    afterAll(stop);

    it.each<[string, number[]]>([
      ["날씨", [1, 2]],
      ["날씨가", [1]],
      ["씨정보", []],
      ["배우", [3]],
      ["우들", [3]],
      ["영화배우들이", [3]],
      ["밥", [4]],
      ["집", [4, 6]],
      ["별", [11]],
      ["좋다", [1, 4]],
      ["감동", [4]],
      ["node", [5]],
      ["NODE.JS", [5]],
      ["ypeScr", [5]],
      ["js와", [5]],
      ["js", [5]],
      ["ㅋㅋ", [7]],
      ["ㅠ", [7]],
      ["100", [7]],
      ["4dx", [7]],
      ["京タ", [8]],
      ["МОСК", [8]],
      ["CAFÉ", [8]],
      ["#날씨스타그램", [2]],
      ["내일", []],
    ])("by any part of a word: %s", async (keyword, ids) => {
      const result = await posts(keyword);
      expect([...result.ids].sort((a, b) => a - b)).toEqual(ids);
      expect(result.total).toBe(ids.length);
    });

    it("by every part of two and more letters, and by every letter", async () => {
      for (const [at, text] of TEXTS.entries()) {
        for (const word of text.match(/[\p{L}\p{N}]+/gu) ?? []) {
          for (let start = 0; start < word.length; start += 2) {
            for (const length of [1, 2, 3, word.length]) {
              const part = word.slice(start, start + length);
              expect(await idsOf(posts(part)), part).toContain(at + 1);
            }
          }
        }
      }
    });

    it.each<[string, number[]]>([
      ["좋다 날씨", [1]],
      ["날씨 좋다", [1]],
      ["날씨 감동", []],
      ["영 화", [3]],
      ["최고 좋", [4]],
      ["typescript node 만든", [5]],
      ["좋다 좋다", [1, 4]],
    ])("by all words, in any order: %s", async (keyword, ids) => {
      expect([...(await posts(keyword)).ids].sort((a, b) => a - b)).toEqual(ids);
    });

    it.each<[string, number[]]>([
      ["인스타그렘", [6]],
      ["인스탁램", [6]],
      ["인스타ㄱ램", [6]],
      ["인싀타그램", [6]],
      ["잉스타그램", [6]],
      ["youtbue", [10]],
      ["yuotube", [10]],
      ["yotube", [10]],
      ["youtubee", [10]],
      ["houtube", [10]],
      ["TYPESCRYPT", [5]],
      ["인스타그렘 맛집", [6]],
      ["yutub", [10]],
      ["nods", []],
      ["날시가", []],
    ])("with one wrong letter in a long word: %s", async (keyword, ids) => {
      expect((await posts(keyword)).ids).toEqual(ids);
    });

    it.each([
      "!",
      "?!…",
      '"',
      "*",
      "AND",
      "NOT",
      "( OR )",
      "title:",
      "-영화배우들이",
      "😀",
      "\u0000",
      "{열}",
      "''",
      "\\",
    ])("taking the keyword literally: %s", async (keyword) => {
      const words = keyword.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
      const expected = TEXTS.flatMap((text, at) =>
        words.length > 0 && words.every((word) => text.toLowerCase().includes(word)) ? [at + 1] : [],
      );
      expect(await posts(keyword)).toEqual({ ids: expected, total: expected.length });
    });

    it("however Unicode writes them", async () => {
      expect(await idsOf(posts("날씨가".normalize("NFD")))).toEqual([1]);
      expect(await idsOf(posts("cafe\u0301"))).toEqual([8]);
    });

    it("by keywords of a hundred characters", async () => {
      for (const keyword of [
        "가나다라마".repeat(20),
        "갸 ".repeat(50),
        "abcde ".repeat(16),
        "😀".repeat(50),
        "a".repeat(100),
      ])
        expect((await posts(keyword)).total).toBe(0);
    });
  });

  describe("finds what was meant", () => {
    const WORDS = [
      "인스타그램",
      "스파게티",
      "괜찮은데요",
      "애니메이션이",
      "없어진다",
      "읽어보세요",
      "최고입니다",
    ];
    beforeAll(async () => {
      await start();
      await index.putPosts(WORDS.map((word, at) => post(at + 1, `앞 ${word}에서 뒤`)));
    });
    afterAll(stop);

    it.each(WORDS)("whatever key was missed, hit twice, wrong or too early: %s", async (word) => {
      const keys = keystrokes(word);
      const slips = [...keys].flatMap((_, at) => {
        const [before, key, after] = [keys.slice(0, at), keys.charAt(at), keys.slice(at + 1)];
        const swapped = after.charAt(0) + key + after.slice(1);
        return [after, key + key + after, `k${after}`, `r${after}`, swapped].map((rest) => before + rest);
      });
      const keywords = new Set(slips.map(typed).filter((keyword) => [...keyword].length >= 4));
      const missed: string[] = [];
      for (const keyword of keywords) {
        if (!(await idsOf(posts(keyword))).includes(WORDS.indexOf(word) + 1)) missed.push(keyword);
      }
      expect(missed).toEqual([]);
    });
  });

  describe("orders and pages", () => {
    beforeAll(async () => {
      await start();
      await index.putPosts([
        post(1, "오래된 글", "산책"),
        post(2, "공원 산책길"),
        post(3, "아침산책"),
        post(4, "산책"),
        post(5, "밤산책 이야기", "산책 이야기"),
        post(6, "아이스크림"),
        post(7, "아이수크림 오타"),
        post(8, "아이스크림 또"),
      ]);
    });
    afterAll(stop);

    it("by where the words stand, then the newest first", async () => {
      expect(await posts("산책")).toEqual({ ids: [5, 1, 4, 2, 3], total: 5 });
      expect(await posts("산책 이야기")).toEqual({ ids: [5], total: 1 });
    });

    it("what is spelled as the keyword before what differs by a letter", async () => {
      expect(await posts("아이스크림")).toEqual({ ids: [8, 6, 7], total: 3 });
      expect(await posts("아이수크림")).toEqual({ ids: [7, 8, 6], total: 3 });
    });

    it("a syllable that is missing, added, swapped or another one only where nothing else is found", async () => {
      expect((await posts("아이크림")).ids).toEqual([8, 7, 6]);
      expect((await posts("아스이크림")).ids).toContain(8);
      expect((await posts("아이스스크림")).ids).toContain(8);
      expect((await posts("아이뷁크림")).ids).toEqual([8, 7, 6]);
    });

    it("without losing or repeating any at the borders of pages", async () => {
      for (const limit of [1, 2, 3]) {
        const seen: number[] = [];
        for (let offset = 0; offset < 5; offset += limit) {
          const { ids, total } = await posts("산책", { offset, limit });
          expect(total).toBe(5);
          expect(ids.length).toBe(Math.min(limit, 5 - offset));
          seen.push(...ids);
        }
        expect(seen).toEqual([5, 1, 4, 2, 3]);
      }
      expect(await posts("산책", { offset: 5 })).toEqual({ ids: [], total: 5 });
      expect(await posts("산책", { offset: 500, limit: 1 })).toEqual({ ids: [], total: 5 });
    });
  });

  describe("finds members", () => {
    beforeAll(async () => {
      await start();
      await index.putMembers([
        { id: 1, handle: "mina_kim", displayName: "김민아" },
        { id: 2, handle: "minsu", displayName: "김민수" },
        { id: 3, handle: "joonho99", displayName: "이준호 Joon" },
        { id: 4, handle: "alexander", displayName: "Sasha" },
        { id: 5, handle: "minsung", displayName: "민수" },
      ]);
    });
    afterAll(stop);

    it.each<[string, number[]]>([
      ["minsu", [2, 5]],
      ["min", [5, 2, 1]],
      ["mina_kim", [1]],
      ["MINA", [1]],
      ["kim", [1]],
      ["민수", [5, 2]],
      ["김민", [2, 1]],
      ["김", [2, 1]],
      ["joon 이준호", [3]],
      ["ho99", [3]],
      ["alexandre", [4]],
      ["alexnder", [4]],
      ["alexabder", [4]],
      ["aelxander", [4]],
      ["sasah", [4]],
      ["ㄱㅁㅅ", [2]],
      ["ㅈㅎ", [3]],
      ["_", []],
      ["zzz", []],
    ])("by handle, name and initial consonants: %s", async (keyword, ids) => {
      expect(await members(keyword)).toEqual(ids);
    });
  });

  describe("is kept up to date", () => {
    beforeEach(start);
    afterEach(stop);

    it("edits are found by their new text only", async () => {
      await index.putPosts([post(1, "처음 글", "첫 제목"), post(2, "둘째 글")]);
      await index.putPosts([post(1, "고친 글")]);
      for (const keyword of ["처음", "제목", "첫"]) expect((await posts(keyword)).total).toBe(0);
      expect(await idsOf(posts("고친"))).toEqual([1]);
      expect(await posts("글")).toEqual({ ids: [2, 1], total: 2 });
      await index.putMembers([{ id: 1, handle: "before", displayName: "옛이름" }]);
      await index.putMembers([{ id: 1, handle: "after", displayName: "새이름" }]);
      expect([await members("before"), await members("옛"), await members("새이")]).toEqual([[], [], [1]]);
      await index.putComments([comment(1, 1, "댓글 하나")]);
      await index.putComments([comment(1, 1, "댓글 둘")]);
      expect([await comments("하나"), await comments("둘")]).toEqual([[], [1]]);
    });

    it("the last of several writes of one document in a batch counts", async () => {
      await index.putPosts([post(1, "하나"), post(1, "둘")]);
      expect([(await posts("하나")).ids, (await posts("둘")).ids]).toEqual([[], [1]]);
    });

    it("writes may be repeated, and take away what isn't there", async () => {
      for (let time = 0; time < 3; time++) {
        await index.putPosts([post(7, "되풀이")]);
        await index.putComments([comment(8, 7, "되풀이")]);
      }
      expect(await posts("되풀이")).toEqual({ ids: [7], total: 1 });
      for (let time = 0; time < 2; time++) {
        await index.dropPosts([7, 99]);
        await index.dropComments([8, 99]);
        await index.dropMembers([99]);
      }
      await index.putPosts([]);
      await index.dropPosts([]);
      await index.dropComments([]);
      expect(await idsOf(posts("되풀이"))).toEqual([]);
      expect(await index.idsAfter("comments", 0, 10)).toEqual([]);
    });

    it("a post goes with all of its comments, and nobody else's", async () => {
      await index.putPosts([post(1, "나무"), post(11, "나무")]);
      await index.putComments([
        comment(1, 1, "나무"),
        comment(2, 1, "나무", [1]),
        comment(3, 1, "나무", [1, 2]),
        comment(4, 11, "나무"),
      ]);
      await index.dropPosts([1]);
      expect(await idsOf(posts("나무"))).toEqual([11]);
      expect(await comments("나무")).toEqual([4]);
    });

    it("a comment goes with everything below it, also where it is not there itself", async () => {
      await index.putComments([
        comment(1, 5, "나무"),
        comment(2, 5, "나무", [1]),
        comment(3, 5, "나무", [1, 2]),
        comment(4, 5, "나무", [1]),
        comment(5, 5, "나무"),
        comment(6, 5, "나무", [99]),
        comment(7, 5, "나무", [99, 98]),
      ]);
      await index.dropComments([2]);
      expect(await comments("나무")).toEqual([7, 6, 5, 4, 1]);
      await index.dropComments([1, 99]);
      expect(await comments("나무")).toEqual([5]);
    });

    it("comments are found in all posts, or in one", async () => {
      await index.putComments([comment(1, 1, "바다"), comment(2, 12, "바다"), comment(3, 2, "바다 소리")]);
      expect([await comments("바다"), await comments("바다", 1), await comments("바다", 2)]).toEqual([
        [3, 2, 1],
        [1],
        [3],
      ]);
      expect(await index.findComments({ keyword: "바다", offset: 0, limit: 1 }, 12)).toEqual({
        ids: [2],
        total: 1,
      });
      expect([await comments("바다", 3), await comments("산", 1)]).toEqual([[], []]);
    });

    it("tells its ids in order", async () => {
      const ids = [1, 5, 30, 2 ** 33, 200];
      await index.putPosts(ids.map((id) => post(id, "!")));
      await index.putComments([comment(3, 1, "하나")]);
      expect(await index.idsAfter("posts", 0, 3)).toEqual([1, 5, 30]);
      expect(await index.idsAfter("posts", 30, 10)).toEqual([200, 2 ** 33]);
      expect(await index.idsAfter("posts", 2 ** 33, 10)).toEqual([]);
      expect(await index.idsAfter("comments", 0, 10)).toEqual([3]);
      expect(await index.idsAfter("members", 0, 10)).toEqual([]);
      expect(await index.idsAfter("posts", Number.MAX_SAFE_INTEGER - 1, 1)).toEqual([]);
    });

    it("large batches of long texts are found whole", async () => {
      const long = Array.from({ length: 300 }, (_, at) =>
        post(at + 1, `${"가나다 라마바 ".repeat(60)}끝${at}번`),
      );
      await index.putPosts(long);
      expect((await posts("라마")).total).toBe(300);
      expect(await idsOf(posts("끝299번"))).toEqual([300]);
      await index.putComments(long.map(({ id, content }) => comment(id, 1, content)));
      await index.dropPosts(long.map(({ id }) => id));
      expect([(await posts("라마")).total, await comments("라마")]).toEqual([0, []]);
    });

    it("any client finds what another one wrote", async () => {
      const other = await connect();
      await index.putPosts([post(1, "함께")]);
      expect((await posts("함께", {}, other)).ids).toEqual([1]);
      await other.putPosts([post(1, "따로")]);
      expect([(await posts("함께")).ids, (await posts("따로")).ids]).toEqual([[], [1]]);
    });

    it("clients may open and write at once", async () => {
      const clients = [index, ...Array.from({ length: 4 }, () => under.connect())];
      connected.push(...clients.slice(1));
      await Promise.all(clients.map((client) => client.open()));
      await Promise.all(
        clients.map(async (client, at) => {
          for (let id = 1; id <= 10; id++)
            await client.putPosts([post(at * 10 + id, `동시 ${at}`), post(999, "모두")]);
        }),
      );
      expect((await posts("동시")).total).toBe(50);
      expect((await posts("모두")).total).toBe(1);
    });

    it("stays when everybody is gone", async () => {
      await index.putPosts([post(1, "남는다")]);
      await index.close();
      index = await connect();
      expect(await idsOf(posts("남는다"))).toEqual([1]);
    });
  });

  describe("is rebuilt", () => {
    beforeEach(start);
    afterEach(stop);

    it("beside the generation that serves, which is replaced at once", async () => {
      const other = await connect();
      await index.putPosts([post(1, "낡은 글"), post(2, "낡은 글")]);
      await index.putMembers([{ id: 1, handle: "old", displayName: "낡은" }]);
      const rebuild = await index.rebuild();
      await rebuild.putPosts([post(1, "새로운 글")]);
      await rebuild.putComments([comment(1, 1, "새로운 글")]);
      await rebuild.putMembers([{ id: 2, handle: "new", displayName: "새로운" }]);
      expect([(await posts("낡은")).total, (await posts("새로운")).total, await comments("새로운")]).toEqual([
        2,
        0,
        [],
      ]);
      await rebuild.activate();
      expect([(await posts("낡은")).total, (await posts("새로운", {}, other)).ids]).toEqual([0, [1]]);
      expect([await comments("새로운"), await members("new"), await members("old")]).toEqual([[1], [2], []]);
      expect(await index.idsAfter("posts", 0, 10)).toEqual([1]);
    });

    it("and takes every write of that time, from any client", async () => {
      const other = await connect();
      await index.putPosts([post(1, "하나"), post(2, "둘")]);
      await index.putComments([comment(1, 1, "하나"), comment(2, 2, "둘"), comment(3, 2, "셋", [2])]);
      const rebuild = await index.rebuild();
      await rebuild.putPosts([post(1, "하나"), post(2, "둘")]);
      await rebuild.putComments([comment(1, 1, "하나"), comment(2, 2, "둘"), comment(3, 2, "셋", [2])]);
      await other.putPosts([post(2, "고친 둘"), post(3, "셋")]);
      await other.dropPosts([1]);
      await other.dropComments([2]);
      for (const _ of ["before", "after"]) {
        expect(await idsOf(posts("고친"))).toEqual([2]);
        expect(await index.idsAfter("posts", 0, 10)).toEqual([2, 3]);
        expect(await index.idsAfter("comments", 0, 10)).toEqual([]);
        await rebuild.activate();
      }
    });

    it("or left as it is, when that is given up", async () => {
      await index.putPosts([post(1, "하나")]);
      const rebuild = await index.rebuild();
      await rebuild.putPosts([post(2, "둘")]);
      await rebuild.abandon();
      await rebuild.abandon();
      await index.putPosts([post(3, "셋")]);
      expect(await index.idsAfter("posts", 0, 10)).toEqual([1, 3]);
      expect((await posts("둘")).total).toBe(0);
    });

    it.each(["first", "last"])(
      "by two at once without harm, whoever of them began %s ends first",
      async (order) => {
        const other = await connect();
        const [one, two] = [await index.rebuild(), await other.rebuild()];
        await one.putPosts([post(1, "하나")]);
        await two.putPosts([post(1, "하나"), post(2, "둘")]);
        await one.putPosts([post(2, "둘")]);
        for (const rebuild of order === "first" ? [one, two] : [two, one]) {
          await rebuild.activate();
          expect(await index.idsAfter("posts", 0, 10)).toEqual([1, 2]);
        }
        await other.putPosts([post(3, "셋")]);
        expect((await posts("셋")).ids).toEqual([3]);
      },
    );

    it("while questions are asked all the time", async () => {
      await index.putPosts([post(1, "언제나")]);
      const other = await connect();
      let isOver = false;
      const asking = (async () => {
        while (!isOver) {
          expect((await posts("언제나", {}, other)).ids).toEqual([1]);
          expect(await other.idsAfter("posts", 0, 10)).toEqual([1]);
        }
      })();
      for (let time = 0; time < 3; time++) {
        const rebuild = await index.rebuild();
        await rebuild.putPosts([post(1, "언제나")]);
        await rebuild.activate();
      }
      isOver = true;
      await asking;
    });
  });
}
