import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseTextsOrThrow, readInputFile } from "./import/input.ts";
import { Options, runScript } from "./terminal/options.ts";
import { startProgress } from "./terminal/progress.ts";
import { importAndCompare } from "./verify/import-and-compare.ts";
import { startProductOrThrow } from "./verify/product.ts";

const USAGE = `usage: npm run verify:import -- --graph FILE --texts FILE [options]
  --limit N, --comments M, --likes L, --concurrency C   as of npm run import
  --members K   random members whose lists are compared (default: 50)
  --seed S      chooses them (default: a random one, printed)`;

const OPTIONS = ["graph", "texts", "limit", "comments", "likes", "concurrency", "members", "seed"] as const;

async function main(): Promise<void> {
  const options = new Options(OPTIONS, USAGE);
  const graph = (await readInputFile(options.textOrThrow("graph"))).text;
  const texts = (await readInputFile(options.textOrThrow("texts"))).text;
  const usable = parseTextsOrThrow(texts).length;
  const posts = options.integer("limit", 1) ?? Math.floor((2 * usable) / 3);
  const folder = await mkdtemp(join(tmpdir(), "dailyfeed-verify-"));
  const seed = options.integer("seed", 0, 2 ** 32 - 1) ?? randomInt(2 ** 32);
  console.log(`Seed ${seed}.`);
  const product = await startProductOrThrow(join(folder, "data"));
  const started = performance.now();
  try {
    const result = await importAndCompare({
      url: product.url,
      stateFile: join(folder, "import-state.jsonl"),
      graph,
      texts,
      posts,
      comments: options.integer("comments", 0) ?? usable - posts,
      likes: options.integer("likes", 0) ?? posts,
      prefix: "verify",
      concurrency: options.integer("concurrency", 1, 64) ?? 8,
      members: options.integer("members", 1) ?? 50,
      seed,
      startProgress,
    });
    console.log(`Imported ${JSON.stringify(result.counts)}.`);
    console.log(
      `Compared ${result.rows} rows in ${result.lists} walks of ${result.handles.length} members' lists ` +
        `in ${((performance.now() - started) / 1000).toFixed(0)} s: ${result.differences.length} differences.`,
    );
    for (const difference of result.differences.slice(0, 10)) console.log(difference);
    if (result.differences.length > 0) process.exitCode = 1;
  } finally {
    await product.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await runScript(main);
