import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { EmbeddedIndex } from "../../lib/search/embedded/embedded-index.ts";
import type { SearchIndex, SearchResult } from "../../lib/search/search-index.ts";
import { keywordWords } from "../../lib/search/words.ts";
import type { IndexUnderTest } from "./index-contract/fixture.ts";
import { emptyTypesense } from "./typesense-servers.ts";

/** One interface, one behaviour: both engines get the same texts, and the same keywords of every sort. */

const NOUNS =
  "날씨 영화 영화관 배우 인스타그램 아이스크림 고양이 Seoul 맛집 movie 1984년 서울날씨 ㅋㅋㅋ café".split(
    " ",
  );
const TAILS = ["", "", "가", "에서", "들이", "를", "입니다", "!", "..."];
const TEXTS = 300;
const PAGE = { offset: 0, limit: 1_000 };

const folder = mkdtempSync(join(tmpdir(), "dailyfeed-"));
let under: IndexUnderTest;
let embedded: SearchIndex;
let typesense: SearchIndex;
let seed = 2026;

/** The same every time. */
function random(below: number): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return Math.floor((seed / 2 ** 31) * below);
}
const oneOf = <T>(items: readonly T[]): T => items[random(items.length)] as T;
const sentence = (words: number) =>
  Array.from({ length: words }, () => oneOf(NOUNS) + oneOf(TAILS)).join(" ");

const texts = Array.from({ length: TEXTS }, () => sentence(2 + random(5)));

/** Parts, words, pairs of words, single characters, and slips. */
const SORTS: Readonly<Record<string, (text: string) => string>> = {
  parts: (text) => text.slice(random(text.length)).slice(0, 2 + random(5)),
  words: (text) => oneOf(text.split(" ")),
  "several words": (text) => `${oneOf(text.split(" "))} ${oneOf(NOUNS).slice(0, 3)} ${oneOf(NOUNS)}`,
  characters: (text) => text.charAt(random(text.length)),
  "missing letters": () => without(oneOf(NOUNS.filter((noun) => noun.length > 4))),
  "swapped letters": () => swapped(oneOf(NOUNS.filter((noun) => noun.length > 3))),
  "wrong letters": () =>
    oneOf(NOUNS).replace(/[가-힣]/, (s) => String.fromCodePoint((s.codePointAt(0) ?? 0) + 1)),
};

function without(word: string): string {
  const at = random(word.length);
  return word.slice(0, at) + word.slice(at + 1);
}

function swapped(word: string): string {
  const at = random(word.length - 1);
  return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2);
}

beforeAll(async () => {
  under = await emptyTypesense();
  embedded = new EmbeddedIndex(join(folder, "search.sqlite"));
  typesense = under.connect();
  for (const index of [embedded, typesense]) {
    await index.open();
    await index.putPosts(
      texts.map((content, at) => ({ id: at + 1, title: at % 5 === 0 ? content.slice(0, 9) : "", content })),
    );
    await index.putMembers(
      texts.map((text, at) => ({
        id: at + 1,
        handle: `${text.replace(/\W/g, "")}_${at}`,
        displayName: text.slice(0, 10),
      })),
    );
  }
});
afterAll(async () => {
  for (const index of [embedded, typesense]) await index.close();
  await under.remove();
  rmSync(folder, { recursive: true });
});

const sorted = ({ ids, total }: SearchResult) => ({ ids: [...ids].sort((a, b) => a - b), total });

it.each(Object.entries(SORTS))("%s find the same on Typesense and embedded", async (_sort, keywordOf) => {
  for (let count = 0; count < 20; count++) {
    const keyword = keywordOf(oneOf(texts)).trim() || "날";
    for (const find of ["findPosts", "findMembers"] as const) {
      const [expected, actual] = [
        await embedded[find]({ keyword, ...PAGE }),
        await typesense[find]({ keyword, ...PAGE }),
      ];
      expect(sorted(actual), keyword).toEqual(sorted(expected));
      // The server's filters find longer words in pieces, too.
      if (keywordWords(keyword).every(({ length }) => length <= 2)) {
        expect(actual.ids, keyword).toEqual(expected.ids);
      }
    }
  }
});
