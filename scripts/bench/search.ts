import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseTextsOrThrow } from "../import/input.ts";
import { Options, runScript } from "../terminal/options.ts";
import { QUERIES } from "../verify/search/queries.ts";
import { cpuOf, fill, gramRows, insertBare, postsOf, timesOf } from "./search/measures.ts";
import { median, percentile } from "./statistics.ts";

const USAGE = `usage: npm run bench:search -- --texts FILE [options]
  The embedded search index: how the times of queries grow from a tenth of the texts to all of them (at most 30,000),
  what indexing costs against bare FTS5 inserts of the same rows, and how much memory it takes.
  --texts FILE  a tab-separated file with a column "text"
  --rounds N    alternating rounds (default: 7)`;

const TEXTS = 30_000;
const MOST_GROWTH = 3;
const MOST_CPU = 2;
const MOST_MEMORY = 60;

const KEYWORDS = QUERIES.map(({ keyword }) => keyword);
const MEGABYTE = 1_000_000;

async function main(): Promise<void> {
  const options = new Options(["texts", "rounds"], USAGE);
  const rounds = options.integer("rounds", 1) ?? 7;
  const texts = parseTextsOrThrow(readFileSync(options.textOrThrow("texts"), "utf8")).slice(0, TEXTS);
  const folder = mkdtempSync(join(tmpdir(), "bench-search-"));
  try {
    console.log(`${texts.length} texts, ${KEYWORDS.length} keywords, ${rounds} rounds`);
    const verdicts = [
      await memory(folder, texts),
      await queryGrowth(folder, texts, rounds),
      await indexingCost(folder, texts, rounds),
    ];
    if (verdicts.includes("missed")) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Verdict = "met" | "missed";

function verdict(what: string, value: number, most: number, unit: string): Verdict {
  const result = value <= most ? "met" : "missed";
  console.log(`${what}: ${value.toFixed(2)} ${unit}, at most ${most}: ${result}`);
  return result;
}

/** First of all, while nothing else has taken memory. */
async function memory(folder: string, texts: readonly string[]): Promise<Verdict> {
  const posts = postsOf(texts);
  const before = process.memoryUsage.rss();
  let peak = before;
  const index = await fill(folder, "memory", posts, () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  });
  await timesOf([index], KEYWORDS, 1);
  peak = Math.max(peak, process.memoryUsage.rss());
  await index.close();
  return verdict("memory of the process, more at its peak", (peak - before) / MEGABYTE, MOST_MEMORY, "MB");
}

async function queryGrowth(folder: string, texts: readonly string[], rounds: number): Promise<Verdict> {
  const posts = postsOf(texts);
  const small = await fill(folder, "small", posts.slice(0, Math.ceil(posts.length / 10)));
  const large = await fill(folder, "large", posts);
  const [tenth = [], all = []] = await timesOf([small, large], KEYWORDS, rounds);
  for (const index of [small, large]) await index.close();
  const show = (times: readonly number[]) =>
    `p50 ${median(times).toFixed(2)} ms, p99 ${percentile(times, 99).toFixed(1)} ms`;
  console.log(`queries of a tenth: ${show(tenth)}; of all: ${show(all)} (medians of ${rounds} rounds)`);
  return verdict("p50 of queries, growth from a tenth to all", median(all) / median(tenth), MOST_GROWTH, "x");
}

async function indexingCost(folder: string, texts: readonly string[], rounds: number): Promise<Verdict> {
  const posts = postsOf(texts);
  const rows = gramRows(posts);
  const costs = { index: [] as number[], grams: [] as number[], trigrams: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    costs.index.push(await cpuOf(async () => (await fill(folder, `index-${round}`, posts)).close()));
    costs.grams.push(await cpuOf(() => insertBare(folder, `grams-${round}`, "unicode61", rows)));
    costs.trigrams.push(await cpuOf(() => insertBare(folder, `trigrams-${round}`, "trigram", texts)));
  }
  const ratio = (bare: readonly number[]) =>
    median(costs.index.map((cost, round) => cost / (bare[round] ?? Number.NaN)));
  console.log(
    `CPU: index ${median(costs.index).toFixed(0)} ms; bare FTS5 of the same grams ${median(costs.grams).toFixed(0)} ms; ` +
      `FTS5's own trigrams ${median(costs.trigrams).toFixed(0)} ms (${ratio(costs.trigrams).toFixed(2)} x)`,
  );
  return verdict("CPU of indexing, to bare FTS5 inserts of the same rows", ratio(costs.grams), MOST_CPU, "x");
}

await runScript(main);
