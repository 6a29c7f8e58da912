import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ImportState, Watermark } from "./state.ts";

const IDENTITY = { graph: "sha256:a", texts: "sha256:b", prefix: "reed", posts: 3, comments: 2, likes: 1 };
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "import-state-"));
  path = join(folder, "state.jsonl");
});

afterEach(() => rmSync(folder, { recursive: true }));

function open(identity = IDENTITY): ImportState {
  return new ImportState(path, identity, () => "fresh-password");
}

test("gives back everything that was recorded", () => {
  const first = open();
  expect(first.resumed).toBe(false);
  first.recordRun(8);
  first.recordMember(0, 11);
  first.recordFollows(100);
  first.recordPost(0, 21);
  first.recordPost(1, 22);
  first.recordComment(1, 31);
  first.recordLikes(1);
  first.close();

  const second = new ImportState(path, IDENTITY, () => "another");
  expect(second).toMatchObject({
    resumed: true,
    password: "fresh-password",
    postIds: [21, 22],
    followsDone: 100,
    likesDone: 1,
    earlierConcurrency: 8,
  });
  expect([...second.memberIds]).toEqual([[0, 11]]);
  expect([...second.commentIds]).toEqual([[1, 31]]);
  second.close();
});

test("drops a line that a kill cut, and appends behind the last whole one", () => {
  const first = open();
  first.recordPost(0, 21);
  first.close();
  appendFileSync(path, '{"post":1,"i');

  const second = open();
  expect(second.postIds).toEqual([21]);
  second.recordPost(1, 22);
  second.close();
  expect(
    readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toHaveLength(3);
});

test("begins anew in a file whose only line was cut", () => {
  appendFileSync(path, '{"import":{');
  const state = open();
  expect(state.resumed).toBe(false);
  state.close();
  const again = open();
  expect(again).toMatchObject({ resumed: true, password: "fresh-password" });
  again.close();
});

test("can be read by its owner only, since it holds a password", () => {
  open().close();
  expect(statSync(path).mode & 0o077).toBe(0);
});

test("refuses the state of another import and says what differs", () => {
  open().close();
  expect(() => open({ ...IDENTITY, posts: 4 })).toThrow("its posts is 3, not 4");
});

test("refuses a file that is something else", () => {
  appendFileSync(path, '{"hello":1}\n');
  expect(() => open()).toThrow("is not the state of an import");
  appendFileSync(path, "nonsense\n");
  expect(() => open()).toThrow();
});

test("a watermark moves over what is done without a gap", () => {
  const watermark = new Watermark(10);
  expect(watermark.add(12)).toBe(10);
  expect(watermark.add(10)).toBe(11);
  expect(watermark.add(11)).toBe(13);
});
