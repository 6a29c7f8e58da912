import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SearchUnavailableError } from "../../lib/search/search-index.ts";
import { TypesenseIndex } from "../../lib/search/typesense/typesense-index.ts";
import type { Request } from "./typesense-double/requests.ts";
import { API_KEY, type TypesenseDouble } from "./typesense-double/server.ts";
import { startDouble } from "./typesense-double/start.ts";

let double: TypesenseDouble;
let index: TypesenseIndex;

beforeEach(async () => {
  double = await startDouble();
  index = connect();
  await index.open();
});
afterEach(async () => {
  vi.useRealTimers();
  await double.stop();
  expect(double.violations).toEqual([]);
});

function connect(namespace = "test"): TypesenseIndex {
  return new TypesenseIndex({ url: double.url, apiKey: API_KEY, namespace });
}

const post = (id: number, content: string) => ({ id, title: "", content });
const found = async (keyword: string, asked = index) =>
  (await asked.findPosts({ keyword, offset: 0, limit: 10 })).ids;
const versionsOf = (kind: string) =>
  [...double.store.collections.keys()].filter((name) => name.startsWith(`test-${kind}-f1-v`));
const isImport = ({ path }: Request) => path.includes("import");

/** Does something once, before the first request of a kind is answered. */
function beforeAnswering(which: (request: Request) => boolean, what: () => Promise<unknown>): void {
  double.faultOf = async (request) => {
    if (!which(request)) return undefined;
    double.faultOf = () => undefined;
    await what();
    return undefined;
  };
}

describe("generations of the index on Typesense", () => {
  it("are collections of a version behind aliases, whose names tell the namespace", async () => {
    await connect("blue").open();
    expect(double.store.aliases.get("test-posts-f1")).toBe("test-posts-f1-v0");
    expect([...double.store.aliases.keys()].filter((name) => name.startsWith("blue"))).toHaveLength(3);
    await index.putPosts([post(1, "하나")]);
    const rebuild = await connect("blue").rebuild();
    await rebuild.putPosts([post(2, "둘")]);
    await rebuild.activate();
    expect([await found("하나"), await found("둘"), await found("둘", connect("blue"))]).toEqual([
      [1],
      [],
      [2],
    ]);
  });

  it("are dropped once another one serves", async () => {
    const rebuild = await index.rebuild();
    expect(versionsOf("posts")).toHaveLength(2);
    await rebuild.activate();
    for (const kind of ["posts", "comments", "members"]) {
      expect(versionsOf(kind)).toEqual([double.store.aliases.get(`test-${kind}-f1`)]);
    }
  });

  it("are switched to whole when the switch is done again after an outage", async () => {
    const rebuild = await index.rebuild();
    double.faultOf = ({ method }) => (method === "DELETE" ? "reset" : undefined);
    await expect(rebuild.activate()).rejects.toBeInstanceOf(SearchUnavailableError);
    double.faultOf = () => undefined;
    await rebuild.activate();
    for (const kind of ["posts", "comments", "members"]) {
      expect(versionsOf(kind)).toEqual([double.store.aliases.get(`test-${kind}-f1`)]);
    }
  });

  it("take a write that finds its generation dropped", async () => {
    const other = connect();
    const rebuild = await other.rebuild();
    beforeAnswering(isImport, () => rebuild.activate());
    await index.putPosts([post(1, "하나")]);
    expect(await found("하나")).toEqual([1]);
  });

  it("take a write of before the switch, whichever comes first", async () => {
    const rebuild = await connect().rebuild();
    beforeAnswering(
      ({ method, path }) => method === "PUT" && path[1] === "test-posts-f1",
      () => index.putPosts([post(1, "하나")]),
    );
    await rebuild.activate();
    expect(await found("하나")).toEqual([1]);
  });

  it("that serve already are left alone by whoever opens late", async () => {
    double.store.collections.clear();
    double.store.aliases.clear();
    const late = connect();
    // Between its look at the alias and its first collection, others open, rebuild and switch.
    beforeAnswering(
      ({ method, path }) => method === "POST" && path[0] === "collections",
      async () => {
        await index.open();
        const rebuild = await index.rebuild();
        await rebuild.putPosts([post(1, "하나")]);
        await rebuild.activate();
      },
    );
    await late.open();
    expect(await found("하나", late)).toEqual([1]);
  });

  it("that are given up halfway by a killed process are dropped after a while, and no sooner", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const killed = await index.rebuild();
    await killed.putPosts([post(1, "하나")]);
    vi.advanceTimersByTime(10 * 60_000);
    const alive = await connect().rebuild();
    await alive.putPosts([post(1, "하나")]);
    expect(versionsOf("posts")).toHaveLength(3);
    vi.advanceTimersByTime(10 * 60_000);
    await (await connect().rebuild()).abandon();
    expect(versionsOf("posts")).toHaveLength(2);
    await expect(killed.putPosts([post(2, "둘")])).rejects.toThrow("Typesense answers 404");
    await expect(killed.activate()).rejects.toThrow("given up meanwhile");
    await killed.abandon();
    await alive.activate();
    expect(await found("하나")).toEqual([1]);
    expect(versionsOf("posts")).toHaveLength(1);
  });

  it("that serve are never dropped, also by giving up what switched in part", async () => {
    const rebuild = await index.rebuild();
    await rebuild.putMembers([{ id: 1, handle: "mina", displayName: "미나" }]);
    double.faultOf = ({ method, path }) =>
      method === "PUT" && path[1] === "test-posts-f1" ? { status: 400, message: "no" } : undefined;
    await expect(rebuild.activate()).rejects.toThrow("no");
    double.faultOf = () => undefined;
    await rebuild.abandon();
    expect((await index.findMembers({ keyword: "mina", offset: 0, limit: 10 })).ids).toEqual([1]);
    expect(await found("하나")).toEqual([]);
    await index.putPosts([post(1, "하나")]);
    expect(await found("하나")).toEqual([1]);
  });

  it("are taken away without a trace, and without harm to others", async () => {
    await connect("test-posts").open();
    await (await index.rebuild()).putPosts([post(1, "하나")]);
    for (const _ of ["all", "nothing"]) await index.remove();
    expect([...double.store.aliases.keys(), ...double.store.collections.keys()].sort()).toEqual(
      ["members", "posts", "comments"]
        .flatMap((kind) => [`test-posts-${kind}-f1`, `test-posts-${kind}-f1-v0`])
        .sort(),
    );
  });

  it("begun at the same moment have different versions", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    await Promise.all([1, 2, 3].map(() => connect().rebuild()));
    expect(versionsOf("posts")).toHaveLength(4);
    expect(versionsOf("comments")).toHaveLength(4);
  });
});
