import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { EmbeddedIndex } from "../../lib/search/embedded/embedded-index.ts";
import { parseTextsOrThrow } from "../../scripts/import/input.ts";
import { indexTexts, measureQuality } from "../../scripts/verify/search/quality.ts";
import { SAMPLE } from "../../scripts/verify/search/sample.ts";
import type { IndexUnderTest } from "./index-contract/fixture.ts";
import { emptyTypesense } from "./typesense-servers.ts";

async function emptyFile(): Promise<IndexUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "search-quality-"));
  return {
    connect: () => new EmbeddedIndex(join(folder, "search.sqlite")),
    remove: async () => rmSync(folder, { recursive: true }),
  };
}

it.each([
  ["embedded", emptyFile],
  ["on Typesense", emptyTypesense],
])("finds in real texts what they contain, and hardly anything else, %s", async (_where, make) => {
  const under = await make();
  const index = under.connect();
  await index.open();
  const texts = parseTextsOrThrow(readFileSync(SAMPLE, "utf8"));
  await indexTexts(index, texts);
  const results = await measureQuality(index, texts);
  expect(results.filter(({ faults }) => faults.length > 0)).toEqual([]);
  const answered = results.filter(({ expected }) => expected > 0);
  expect(answered.length).toBeGreaterThanOrEqual(60);
  expect(new Set(answered.map(({ query }) => query.kind)).size).toBe(11);
  await index.close();
  await under.remove();
});
