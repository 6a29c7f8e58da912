import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { search } from "./search.ts";
import { API_KEY, TypesenseDouble } from "./server.ts";
import { StoredCollection } from "./stored-collection.ts";
import { tokensOf } from "./tokens.ts";

/** What is known of a real server, which the double must share. */

const TEXTS = ["ab bc cd", "bc xx ab cd", "cd zz", "영화관 dudghkrhks", "movie"];

function collectionOf(texts: readonly string[]): StoredCollection {
  const collection = new StoredCollection({
    name: "texts",
    fields: [
      { name: "number", type: "int64" },
      { name: "text", type: "string" },
    ],
    default_sorting_field: "number",
  });
  texts.forEach((text, number) => {
    collection.upsertOrThrow({ id: String(number), number, text });
  });
  return collection;
}

const found = (q: string, parameters: object = {}) => {
  const answer = search(collectionOf(TEXTS), { q, query_by: "text", sort_by: "number:asc", ...parameters });
  return (answer as { hits: { document: { number: number } }[] }).hits.map(({ document }) => document.number);
};

describe("the double's tokens", () => {
  it("are cut at white space only: other punctuation goes and glues", () => {
    expect(tokensOf("좋다.감동 A-b\nc")).toEqual(["좋다감동", "ab", "c"]);
    expect(tokensOf("\ue000날 날씨 Été Ё")).toEqual(["\ue000날", "날씨", "ete", "Ё"]);
  });

  it("are cut at 100 bytes", () => {
    expect(Buffer.from(tokensOf("a".repeat(120))[0] ?? "").length).toBe(100);
    expect(tokensOf("가".repeat(40))[0]?.startsWith("가".repeat(33))).toBe(false);
  });
});

describe("the double's searches", () => {
  it("find phrases in their order", () => {
    expect(found('"ab bc"')).toEqual([0]);
    expect(found('"cd"')).toEqual([0, 1, 2]);
    expect(found('"cd" -"ab bc"')).toEqual([1, 2]);
  });

  it("skip one of several phrases that nothing has, and AND the others", () => {
    expect(found('"cd" "no such"')).toEqual([0, 1, 2]);
    expect(found('"cd" "bc"')).toEqual([0, 1]);
  });

  it("drop words unless told not to, and always when exhaustive", () => {
    expect(found("ab nothing", { num_typos: "0" })).toEqual([0, 1]);
    expect(found("ab nothing", { num_typos: "0", drop_tokens_threshold: 0 })).toEqual([]);
    const exhaustive = { num_typos: "0", drop_tokens_threshold: 0, exhaustive_search: true };
    expect(found("ab nothing", exhaustive)).toEqual([0, 1]);
  });

  it("find beginnings, and words with a wrong letter once too little is found", () => {
    expect(found("dudgh", { num_typos: "0" })).toEqual([3]);
    expect(found("dudgh", { num_typos: "0", prefix: "false" })).toEqual([]);
    for (const slip of ["duddhkrhks", "dudghkrhk", "uddghkrhks", "dudghkxrhks"])
      expect(found(slip, { num_typos: "1" })).toEqual([3]);
    expect(found("mvoie", { num_typos: "1" })).toEqual([4]);
    expect(found("mvoei", { num_typos: "1" })).toEqual([]);
  });

  it("have no more candidates than asked for, by default four", () => {
    const texts = Array.from({ length: 9 }, (_, at) => `a${at}`);
    const collection = collectionOf(texts);
    expect(search(collection, { q: "a", query_by: "text" })).toMatchObject({ found: 4 });
    expect(search(collection, { q: "a", query_by: "text", max_candidates: 100 })).toMatchObject({ found: 9 });
  });

  it("filter by numbers, and by tokens in any order", () => {
    expect(found("*", { filter_by: "text:bc ab" })).toEqual([0, 1]);
    expect(found("*", { filter_by: "number:>2 && number:[1,4]" })).toEqual([4]);
    expect(() => found("*", { filter_by: "nothing:1" })).toThrow("Could not find a filter field");
  });

  it("refuse more than 250 hits, and a field that isn't stored", () => {
    expect(() => found("*", { limit: 251 })).toThrow(expect.objectContaining({ status: 422 }));
    const fields = [{ name: "text", type: "string" as const, store: false }];
    expect(() => new StoredCollection({ name: "texts", fields })).toThrow("keep it stored");
  });
});

describe("the double's answers", () => {
  const double = new TypesenseDouble();
  beforeAll(() => double.start());
  afterAll(() => double.stop());

  const ask = async (method: string, path: string, body?: object, key = API_KEY) => {
    const headers = { "x-typesense-api-key": key, "content-type": "application/json" };
    const options = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    return (await fetch(`${double.url}/${path}`, options)).status;
  };

  it("are those of a server", async () => {
    const schema = { name: "texts", fields: [{ name: "text", type: "string" }] };
    expect(await ask("GET", "collections", undefined, "wrong")).toBe(401);
    expect(await ask("POST", "collections", schema)).toBe(201);
    expect(await ask("POST", "collections", schema)).toBe(409);
    expect(await ask("GET", "aliases/none")).toBe(404);
    expect(await ask("PUT", "aliases/alias", { collection_name: "nowhere" })).toBe(200);
    double.store.isOutOfDisk = true;
    expect(await ask("PUT", "aliases/alias", { collection_name: "texts" })).toBe(422);
    expect(await ask("GET", "collections/texts")).toBe(200);
    double.store.isOutOfDisk = false;
    expect(double.violations).toEqual([]);
  });

  it("refuse what the driver has no reason to ask", async () => {
    expect(
      await ask("POST", "collections", {
        name: "x",
        fields: [{ name: "text", type: "string", locale: "ko" }],
      }),
    ).toBe(400);
    expect(await ask("DELETE", "collections/texts/documents")).toBe(400);
    expect(await ask("GET", "stats.json")).toBe(400);
    expect(double.violations).toHaveLength(3);
  });
});
