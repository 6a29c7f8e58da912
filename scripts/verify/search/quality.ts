import type { SearchIndex, SearchQuery, SearchResult } from "../../../lib/search/search-index.ts";
import { hasInitials, mustFind } from "./expectations.ts";
import { INITIALS, NAMES, QUERIES, type QualityQuery } from "./queries.ts";

/** How well one query did. */
export interface QueryQuality {
  readonly query: QualityQuery;
  /** Texts that must be found, texts that were found, and both. */
  readonly expected: number;
  readonly found: number;
  readonly hits: number;
  /** What is wrong; empty where nothing is. */
  readonly faults: readonly string[];
}

const BATCH = 200;
const PAGE = 250;

/** Puts the texts into the index as posts 1, 2, 3 ..., and the names as members. */
export async function indexTexts(index: SearchIndex, texts: readonly string[]): Promise<void> {
  for (let start = 0; start < texts.length; start += BATCH) {
    const batch = texts.slice(start, start + BATCH);
    await index.putPosts(batch.map((content, at) => ({ id: start + at + 1, title: "", content })));
  }
  await index.putMembers(
    NAMES.map((displayName, at) => ({ id: at + 1, handle: `member_${at + 1}`, displayName })),
  );
}

/** Asks every query, and compares with what the texts themselves tell. */
export async function measureQuality(index: SearchIndex, texts: readonly string[]): Promise<QueryQuality[]> {
  const results: QueryQuality[] = [];
  for (const query of QUERIES) {
    const expected = idsOf(texts, (text) => mustFind(query, text));
    const answer = await everything(query.keyword, (page) => index.findPosts(page));
    results.push(compare(query, expected, answer));
  }
  for (const keyword of INITIALS) {
    const query = { kind: "initials", keyword, precision: 1 } as const;
    const expected = idsOf(NAMES, (name) => hasInitials(name, keyword));
    results.push(compare(query, expected, await everything(keyword, (page) => index.findMembers(page))));
  }
  return results;
}

/** The whole answer, page by page. */
async function everything(
  keyword: string,
  find: (page: SearchQuery) => Promise<SearchResult>,
): Promise<SearchResult> {
  const ids: number[] = [];
  for (;;) {
    const page = await find({ keyword, offset: ids.length, limit: PAGE });
    ids.push(...page.ids);
    if (page.ids.length < PAGE) return { ids, total: page.total };
  }
}

function idsOf(texts: readonly string[], isMeant: (text: string) => boolean): ReadonlySet<number> {
  return new Set(texts.flatMap((text, at) => (isMeant(text) ? [at + 1] : [])));
}

function compare(
  query: QualityQuery,
  expected: ReadonlySet<number>,
  { ids, total }: SearchResult,
): QueryQuality {
  const found = new Set(ids);
  const hits = ids.filter((id) => expected.has(id)).length;
  const precision = found.size === 0 ? 1 : hits / found.size;
  const faults: string[] = [];
  if (hits < expected.size) faults.push(`${expected.size - hits} of ${expected.size} not found`);
  if (precision < query.precision) faults.push(`precision ${precision.toFixed(3)} < ${query.precision}`);
  if (found.size !== ids.length) faults.push("a text is found twice");
  if (total !== ids.length) faults.push(`a total of ${total}, but ${ids.length} found`);
  if (query.meant === undefined && ids.slice(0, hits).some((id) => !expected.has(id))) {
    faults.push("what is spelled otherwise comes before what isn't");
  }
  return { query, expected: expected.size, found: found.size, hits, faults };
}
