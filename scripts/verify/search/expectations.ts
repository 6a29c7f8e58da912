import type { QualityQuery } from "./queries.ts";

const INITIALS = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
const FIRST_INITIAL = 0x1100;

/**
 * Must the query find the text? Told from the text alone, without anything that search is made of.
 */
export function mustFind({ keyword, meant }: QualityQuery, text: string): boolean {
  const lower = text.toLowerCase();
  if (meant !== undefined)
    return new RegExp(`(?<![가-힣a-z])${meant}`).test(lower) || lower.includes(keyword);
  const words = keyword
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  return words.length > 0 && words.every((word) => lower.includes(word));
}

/** Do these initial consonants stand in a word of the name? Unicode takes syllables apart. */
export function hasInitials(name: string, initials: string): boolean {
  return name.split(" ").some((word) => {
    const own = [...word].map((syllable) => {
      const first = syllable.normalize("NFD").codePointAt(0) ?? 0;
      return INITIALS[first - FIRST_INITIAL] ?? syllable;
    });
    return own.join("").includes(initials);
  });
}
