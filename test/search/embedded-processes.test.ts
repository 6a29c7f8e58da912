import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { EmbeddedIndex } from "../../lib/search/embedded/embedded-index.ts";

let folder: string;
let file: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "search-processes-"));
  file = join(folder, "search.sqlite");
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]): ChildProcess {
  const script = new URL("index-process.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [script, file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  return child;
}

function generations(): { id: number; state: string }[] {
  const database = new DatabaseSync(file);
  const rows = database.prepare("SELECT id, state FROM generations ORDER BY id").all();
  database.close();
  return rows.map(({ id, state }) => ({ id: Number(id), state: String(state) }));
}

const page = { offset: 0, limit: 1 };

it("several processes open, write and rebuild one index at once, and all is found", async () => {
  const running = [1, 2, 3].map((number) => start("write", "40", String(number)));
  running.push(start("rebuild", "40"), start("rebuild", "40"));
  const codes = await Promise.all(running.map((child) => once(child, "exit")));
  expect(codes.map(([code]) => code)).toEqual([0, 0, 0, 0, 0]);
  const index = new EmbeddedIndex(file);
  await index.open();
  expect((await index.findPosts({ keyword: "함께", ...page })).total).toBe(120);
  expect((await index.findPosts({ keyword: "글 3", ...page })).total).toBe(40);
  expect(generations()).toEqual([{ id: expect.any(Number), state: "serving" }]);
  await index.close();
});

it("a rebuild that is killed harms nothing, and what it left is cleared away", async () => {
  const index = new EmbeddedIndex(file);
  await index.open();
  await index.putPosts([{ id: 1, title: "", content: "먼저" }]);
  const child = start("hang", "200", "1");
  await once(child.stdout as NodeJS.ReadableStream, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await index.idsAfter("posts", 0, 10)).toEqual([1]);
  await index.putPosts([{ id: 2, title: "", content: "나중" }]);
  expect(generations().map(({ state }) => state)).toEqual(["serving", "filling"]);

  // As if it had happened long ago.
  const database = new DatabaseSync(file);
  database.exec("UPDATE generations SET touched_at = 1 WHERE state = 'filling'");
  database.close();
  const rebuild = await index.rebuild();
  await rebuild.putPosts([{ id: 2, title: "", content: "나중" }]);
  expect(generations()).toHaveLength(2);
  await rebuild.activate();
  expect(generations()).toHaveLength(1);
  expect(await index.idsAfter("posts", 0, 10)).toEqual([2]);
  await index.close();
});

it("a generation that was given up meanwhile is not taken for one that serves", async () => {
  const index = new EmbeddedIndex(file);
  await index.open();
  await index.putPosts([{ id: 1, title: "", content: "먼저" }]);
  const rebuild = await index.rebuild();
  const database = new DatabaseSync(file);
  database.exec("UPDATE generations SET touched_at = 1 WHERE state = 'filling'");
  database.close();
  await (await index.rebuild()).abandon();
  await rebuild.putPosts([{ id: 2, title: "", content: "나중" }]);
  await expect(rebuild.activate()).rejects.toThrow("given up");
  expect(await index.idsAfter("posts", 0, 10)).toEqual([1]);
  await index.close();
});

it("lets the event loop turn while it writes much", async () => {
  const index = new EmbeddedIndex(file);
  await index.open();
  let turns = 0;
  let turning = setImmediate(function turn() {
    turns++;
    turning = setImmediate(turn);
  });
  const content = `${"가나다라 마바사 ".repeat(500)}끝`;
  await index.putPosts(Array.from({ length: 1_000 }, (_, at) => ({ id: at + 1, title: "", content })));
  clearImmediate(turning);
  expect(turns).toBeGreaterThan(5);
  expect((await index.findPosts({ keyword: "라 끝", ...page })).total).toBe(1_000);
  await index.close();
});
