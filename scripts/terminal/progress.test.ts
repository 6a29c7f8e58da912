import { expect, test } from "vitest";
import { plainLines } from "./progress.ts";

test("without a terminal prints a plain line for every tenth, and a note once", () => {
  const lines: string[] = [];
  const progress = plainLines({ write: (text) => lines.push(text) }, "posts", 20, 0);
  progress.advance(19);
  progress.note("waits");
  progress.note("waits");
  progress.advance();
  progress.finish();
  expect(lines).toEqual(["posts: 0/20\n", "posts: 19/20\n", "posts: waits\n", "posts: 20/20\n"]);
});

test("says at once that nothing is left", () => {
  const lines: string[] = [];
  plainLines({ write: (text) => lines.push(text) }, "likes", 0, 0);
  expect(lines).toEqual(["likes: 0/0\n"]);
});
