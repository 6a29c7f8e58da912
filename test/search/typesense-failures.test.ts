import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type SearchIndex, SearchUnavailableError } from "../../lib/search/search-index.ts";
import { TypesenseIndex } from "../../lib/search/typesense/typesense-index.ts";
import { API_KEY, type TypesenseDouble } from "./typesense-double/server.ts";
import { startDouble } from "./typesense-double/start.ts";

const CONSOLE = ["log", "info", "warn", "error", "debug", "trace"] as const;
const PAGE = { offset: 0, limit: 10 };

let double: TypesenseDouble;
let index: SearchIndex;

beforeEach(async () => {
  for (const method of CONSOLE) vi.spyOn(console, method);
  double = await startDouble();
  index = indexWith(API_KEY);
  await index.open();
  await index.putPosts([{ id: 1, title: "", content: "날씨가 좋다" }]);
});
afterEach(async () => {
  await double.stop();
  for (const method of CONSOLE) expect(console[method]).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  expect(double.violations).toEqual([]);
});

function indexWith(apiKey: string, timeouts?: { read: number; write: number }): SearchIndex {
  return new TypesenseIndex({ url: double.url, apiKey, namespace: "test", timeouts });
}

/** Everything that can be asked of an index. */
const ASKED: Readonly<Record<string, (asked: SearchIndex) => Promise<unknown>>> = {
  open: (asked) => asked.open(),
  putPosts: (asked) => asked.putPosts([{ id: 2, title: "", content: "비밀" }]),
  putComments: (asked) => asked.putComments([{ id: 2, postId: 1, ancestorIds: [], content: "비밀" }]),
  putMembers: (asked) => asked.putMembers([{ id: 2, handle: "secret", displayName: "비밀" }]),
  dropPosts: (asked) => asked.dropPosts([2]),
  dropComments: (asked) => asked.dropComments([2]),
  dropMembers: (asked) => asked.dropMembers([2]),
  findPosts: (asked) => asked.findPosts({ keyword: "날씨", ...PAGE }),
  findComments: (asked) => asked.findComments({ keyword: "인스타그램", ...PAGE }, 1),
  findMembers: (asked) => asked.findMembers({ keyword: "secret", ...PAGE }),
  idsAfter: (asked) => asked.idsAfter("posts", 0, 10),
  rebuild: (asked) => asked.rebuild(),
};

const found = async () => (await index.findPosts({ keyword: "날씨", ...PAGE })).ids;

async function expectUnavailable(asked: SearchIndex, names = Object.keys(ASKED)): Promise<void> {
  for (const name of names) {
    const error = await ASKED[name]?.(asked).catch((thrown: unknown) => thrown);
    expect(error, name).toBeInstanceOf(SearchUnavailableError);
    const everything = `${(error as Error).stack} ${JSON.stringify(error)} ${(error as Error).cause}`;
    expect(everything, name).not.toMatch(new RegExp(`${API_KEY}|비밀|secret|날씨`));
  }
}

describe("a Typesense that", () => {
  it("is not there makes the index unavailable, until it is back", async () => {
    await double.stop();
    await expectUnavailable(index);
    await double.start();
    expect(await found()).toEqual([1]);
  });

  it("doesn't answer in time makes the index unavailable", async () => {
    double.faultOf = () => "hang";
    const hurried = indexWith(API_KEY, { read: 100, write: 100 });
    await expectUnavailable(hurried, ["putPosts", "dropPosts", "findPosts", "idsAfter"]);
    double.faultOf = () => undefined;
    expect(await found()).toEqual([1]);
  });

  it("breaks connections, isn't ready or is overloaded makes the index unavailable", async () => {
    const faults = [
      "reset",
      { status: 500 },
      { status: 503, message: "Not Ready or Lagging" },
      { status: 429 },
    ];
    for (const fault of faults as Awaited<ReturnType<TypesenseDouble["faultOf"]>>[]) {
      double.faultOf = () => fault;
      await expectUnavailable(index);
    }
  });

  it("refuses the key makes the index unavailable, and the key stays secret", async () => {
    await expectUnavailable(indexWith("another-key"));
    const error = await indexWith("another-key")
      .open()
      .catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("401");
    expect(String(error)).not.toContain("another-key");
  });

  it("fails once is asked again", async () => {
    let failures = 0;
    double.faultOf = (request) => {
      if (request.path[0] !== "multi_search" || failures > 0) return undefined;
      failures++;
      return { status: 503 };
    };
    expect(await found()).toEqual([1]);
    expect(failures).toBe(1);
  });

  it("has no room left takes no writes, and goes on to answer", async () => {
    double.store.isOutOfDisk = true;
    await expectUnavailable(index, ["putPosts", "putComments", "dropPosts", "dropComments", "rebuild"]);
    expect(await found()).toEqual([1]);
    double.store.isOutOfDisk = false;
    await index.putPosts([{ id: 2, title: "", content: "날씨" }]);
    expect(await found()).toEqual([2, 1]);
  });

  it("doesn't understand us is no outage", async () => {
    double.faultOf = () => ({ status: 400, message: "Bad JSON." });
    for (const name of ["putPosts", "dropPosts", "findPosts", "idsAfter"]) {
      const error = await ASKED[name]?.(index).catch((thrown: unknown) => thrown);
      expect(error).not.toBeInstanceOf(SearchUnavailableError);
      expect(String(error)).toBe("Error: Typesense answers 400: Bad JSON.");
    }
  });

  it("lost everything gets it anew", async () => {
    const forget = () => {
      double.store.collections.clear();
      double.store.aliases.clear();
    };
    forget();
    expect(await found()).toEqual([]);
    forget();
    await index.putPosts([{ id: 3, title: "", content: "날씨" }]);
    expect(await found()).toEqual([3]);
    forget();
    await index.dropPosts([3]);
    expect(await index.idsAfter("posts", 0, 10)).toEqual([]);
  });

  it("lost a collection, but not its alias, gets it anew", async () => {
    double.store.collections.clear();
    expect(await found()).toEqual([]);
    await index.putPosts([{ id: 4, title: "", content: "날씨" }]);
    expect(await found()).toEqual([4]);
  });
});

describe("an import of which some documents are refused", () => {
  const batch = [1, 2, 3, 4].map((id) => ({ id, title: "", content: `날씨 ${id}` }));

  it("takes the others, and tells which and why", async () => {
    double.store.refusalOf = ({ id }) => (id === "2" || id === "3" ? "no such day" : undefined);
    const error = await index.putPosts(batch).catch((thrown: unknown) => thrown);
    expect(error).not.toBeInstanceOf(SearchUnavailableError);
    expect(String(error)).toBe(
      "Error: 2 documents were refused, first 2: Typesense answers 400: no such day",
    );
    expect(await found()).toEqual([4, 1]);
  });

  it("is unavailable where they are refused for lack of room", async () => {
    double.store.refusalOf = () => "Rejecting write: running out of resource type: OUT_OF_DISK";
    await expect(index.putPosts(batch)).rejects.toThrow(SearchUnavailableError);
  });
});
