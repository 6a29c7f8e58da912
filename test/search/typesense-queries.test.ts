import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TypesenseIndex } from "../../lib/search/typesense/typesense-index.ts";
import { API_KEY, type TypesenseDouble } from "./typesense-double/server.ts";
import { startDouble } from "./typesense-double/start.ts";

/** What a server does differently than one would think, and finds must not show. */

let double: TypesenseDouble;
let index: TypesenseIndex;

beforeAll(async () => {
  double = await startDouble();
  index = new TypesenseIndex({ url: double.url, apiKey: API_KEY, namespace: "test" });
  await index.open();
  const texts = [
    "고양이 강아지",
    "강아지 송아지",
    "송아지 고양이",
    "고양이",
    "가나 나다",
    "résumé",
    "Cafe",
    "Ａ１ ㎏",
  ];
  await index.putPosts(texts.map((content, at) => ({ id: at + 1, title: "", content })));
  const many = Array.from({ length: 700 }, (_, at) => ({
    id: at + 1_000,
    title: "",
    content: `인스타그램에서 ${at}`,
  }));
  await index.putPosts(many);
  await index.putPosts([{ id: 5_000, title: "", content: "인스타그렘" }]);
});
afterAll(async () => {
  await double.stop();
  expect(double.violations).toEqual([]);
});

const find = (keyword: string, page = { offset: 0, limit: 20 }) => index.findPosts({ keyword, ...page });
const countRequests = async (ask: () => Promise<unknown>) => {
  const before = double.requests.length;
  await ask();
  return double.requests.length - before;
};

describe("several long words", () => {
  it.each<[string, number[]]>([
    ["고양이 강아지", [1]],
    ["강아지 고양이", [1]],
    ["고양이 강아지 송아지", []],
    ["송아지 강아지 고양이", []],
    ["고양이 없는말", []],
    ["없는말 고양이", []],
  ])("are all there, though the server skips phrases that find nothing: %s", async (keyword, ids) => {
    expect(await find(keyword)).toEqual({ ids, total: ids.length });
  });

  it("are one piece each, where their grams stand apart", async () => {
    expect(await find("가나다")).toEqual({ ids: [], total: 0 });
    expect((await find("가나 나다")).ids).toEqual([5]);
  });
});

describe("letters that the server would take for others", () => {
  it.each<[string, number[]]>([
    ["résumé", [6]],
    ["resume", []],
    ["é", [6]],
    ["cafe", [7]],
    ["café", []],
    ["Ａ１", [8]],
    ["a1", []],
    ["㎏", []],
  ])("are told apart: %s", async (keyword, ids) => {
    expect((await find(keyword)).ids).toEqual(ids);
  });
});

describe("many matches", () => {
  it("are counted and paged beyond what the server gives at once", async () => {
    const { ids, total } = await find("인스타그램", { offset: 0, limit: 600 });
    expect(total).toBe(701);
    expect(ids).toEqual(Array.from({ length: 600 }, (_, at) => 1_699 - at));
    expect((await find("인스타그램", { offset: 690, limit: 20 })).ids).toEqual([
      ...Array.from({ length: 10 }, (_, at) => 1_009 - at),
      5_000,
    ]);
  });

  it("with a wrong letter come after the one that has it", async () => {
    const { ids, total } = await find("인스타그렘", { offset: 0, limit: 300 });
    expect([total, ids[0], ids[1], ids.length]).toEqual([701, 5_000, 1_699, 300]);
  });

  it("of a list of ids come in pages, too", async () => {
    expect(await index.idsAfter("posts", 999, 600)).toHaveLength(600);
    expect(await index.idsAfter("posts", 1_690, 600)).toHaveLength(10);
  });
});

describe("a question", () => {
  it("costs one request, one more for each word that may have a wrong letter, and one where nothing is found", async () => {
    expect(await countRequests(() => find("고양이 강아지 송 아"))).toBe(1);
    expect(await countRequests(() => find("인스타그램"))).toBe(2);
    expect(await countRequests(() => find("인스타그램 고양이"))).toBe(3);
    expect(await countRequests(() => index.idsAfter("posts", 0, 1_000))).toBe(1);
  });

  it("of any form passes the server's limits", async () => {
    const words = Array.from({ length: 25 }, (_, at) => `${String.fromCodePoint(0xac00 + at * 50)}나다`);
    for (const keyword of [
      words.join(" "),
      [...words.join("")].join(" "),
      "가나다라 ".repeat(20),
      "🏳️‍🌈ⓐ".repeat(20),
    ])
      expect((await find(keyword)).total).toBe(0);
  });
});
