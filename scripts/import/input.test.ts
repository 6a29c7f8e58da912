import { expect, test } from "vitest";
import { MAX_TEXT_LENGTH, parseGraphOrThrow, parseTextsOrThrow } from "./input.ts";

test("reads edges with blanks, commas, further columns and comments, each once", () => {
  const graph = parseGraphOrThrow("% sym\n# nodes\n\n12 3 0.5 17\r\n3,12\n3\t7\n8 8\n");
  expect(graph.nodes).toEqual([3, 7, 8, 12]);
  expect(graph.edges).toEqual([
    [3, 12],
    [3, 7],
  ]);
});

test.each(["a b", "1", "1 2x", "1 -2"])("names the line of a graph that is %j", (line) => {
  expect(() => parseGraphOrThrow(`1 2\n${line}\n`)).toThrow("line 2 of the graph");
});

test("takes the column by its name and leaves out what is blank or too long", () => {
  const longest = "😀".repeat(MAX_TEXT_LENGTH);
  const tsv = `id\ttext\tscore\r\n1\t좋아요 "정말"\t5\r\n2\t \t4\n3\t${longest}\t1\n4\t${longest}!\t1\n5\n`;
  expect(parseTextsOrThrow(tsv)).toEqual(['좋아요 "정말"', longest]);
});

test("reads a first column behind a byte order mark", () => {
  expect(parseTextsOrThrow("\uFEFFtext\n하나\n")).toEqual(["하나"]);
});

test("names the missing column", () => {
  expect(() => parseTextsOrThrow("id\tbody\n1\thello\n")).toThrow('column "text"');
});
