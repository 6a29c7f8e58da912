import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfigOrThrow } from "../config/index.ts";
import { EmbeddedIndex } from "../lib/search/embedded/embedded-index.ts";
import { TypesenseIndex } from "../lib/search/typesense/typesense-index.ts";
import { parseTextsOrThrow } from "./import/input.ts";
import { Options, runScript } from "./terminal/options.ts";
import { indexTexts, measureQuality, type QueryQuality } from "./verify/search/quality.ts";
import { SAMPLE } from "./verify/search/sample.ts";

const USAGE = `usage: npm run verify:search [-- options]
  Indexes texts in an index of its own, on TYPESENSE_URL's server, else embedded, asks a fixed set of keywords, and
  compares what is found with what the texts contain: everything must be found, and hardly anything else.
  --texts FILE   a tab-separated file with a column "text" (default: the sample that comes along)`;

async function main(): Promise<void> {
  const options = new Options(["texts"], USAGE);
  const texts = parseTextsOrThrow(readFileSync(options.text("texts") ?? SAMPLE, "utf8"));
  const folder = mkdtempSync(join(tmpdir(), "verify-search-"));
  const { search } = loadConfigOrThrow({ DATA_DIR: folder, NAMESPACE: `verify-search-${process.pid}` });
  const index = search.kind === "typesense" ? new TypesenseIndex(search) : new EmbeddedIndex(search.file);
  try {
    await index.open();
    await indexTexts(index, texts);
    const results = await measureQuality(index, texts);
    for (const result of results) console.log(lineOf(result));
    const faulty = results.filter(({ faults }) => faults.length > 0);
    const silent = results.filter(({ query, expected }) => query.kind !== "nothing" && expected === 0);
    console.log(
      `${texts.length} texts, ${results.length} keywords (${silent.length} of them not in these texts): ` +
        `${faulty.length} with faults`,
    );
    if (faulty.length > 0) process.exitCode = 1;
  } finally {
    if (index instanceof TypesenseIndex) await index.remove();
    await index.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function lineOf({ query, expected, found, hits, faults }: QueryQuality): string {
  const share = (part: number, of: number) => (of === 0 ? "    -" : (part / of).toFixed(3));
  const figures = `${String(expected).padStart(6)} expected ${String(found).padStart(6)} found`;
  const quality = `recall ${share(hits, expected)} precision ${share(hits, found)} (>= ${query.precision})`;
  const what = `${query.kind}: ${query.keyword}${query.meant ? ` for ${query.meant}` : ""}`;
  return [figures, quality, what, ...faults.map((fault) => `! ${fault}`)].join("  ");
}

await runScript(main);
