import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** An undirected graph: nodes ascending, every edge once, no loops. */
export interface SocialGraph {
  readonly nodes: readonly number[];
  readonly edges: readonly (readonly [number, number])[];
}

export interface InputFile {
  readonly text: string;
  /** `sha256:<hex>`, so that a resumed import notices another file. */
  readonly digest: string;
}

/** The longest text that fits both a post and a comment, in code points. */
export const MAX_TEXT_LENGTH = 1000;

/** @throws Error naming the file when it can't be read */
export async function readInputFile(path: string): Promise<InputFile> {
  return inputOf(await readFile(path, "utf8"));
}

export function inputOf(text: string): InputFile {
  return { text, digest: `sha256:${createHash("sha256").update(text).digest("hex")}` };
}

/**
 * Reads lines `u v` of node numbers, parted by blanks or a comma; further columns are ignored, as are blank lines and
 * comments (`#`, `%`).
 * @throws Error naming the line that is something else
 */
export function parseGraphOrThrow(text: string): SocialGraph {
  const nodes = new Set<number>();
  const edges = new Map<string, readonly [number, number]>();
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*([#%]|$)/.test(line)) continue;
    const match = /^\s*(\d{1,10})[\s,]+(\d{1,10})(?=[\s,]|$)/.exec(line);
    if (!match) throw new Error(`line ${index + 1} of the graph is ${JSON.stringify(line)}: expected "u v"`);
    const [u, v] = [Number(match[1]), Number(match[2])];
    nodes.add(u).add(v);
    if (u === v) continue;
    const [low, high] = u < v ? [u, v] : [v, u];
    edges.set(`${low} ${high}`, [low, high]);
  }
  return { nodes: [...nodes].sort((a, b) => a - b), edges: [...edges.values()] };
}

/**
 * The column `text` of a tab-separated file with a header line, in the file's order. Blank texts and those longer than
 * MAX_TEXT_LENGTH are left out.
 * @throws Error when there is no such column
 */
export function parseTextsOrThrow(tsv: string): string[] {
  const [header = "", ...lines] = tsv.replace(/^\uFEFF/, "").split(/\r?\n/);
  const column = header.split("\t").indexOf("text");
  if (column < 0) throw new Error('the texts have no column "text" in their header line');
  return lines
    .map((line) => line.split("\t")[column] ?? "")
    .filter((text) => text.trim() !== "" && [...text].length <= MAX_TEXT_LENGTH);
}
