/** The two-set keyboard as an input method: what keys, without shift, make on the screen. */
const CONSONANTS: Readonly<Record<string, string>> = Object.fromEntries(
  [..."rsefaqtdwczxvg"].map((key, at) => [key, [..."ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"][at] ?? ""]),
);
const VOWELS: Readonly<Record<string, string>> = Object.fromEntries(
  [..."koijpuhynbml"].map((key, at) => [key, [..."ㅏㅐㅑㅓㅔㅕㅗㅛㅜㅠㅡㅣ"][at] ?? ""]),
);
const INITIALS = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
const MEDIALS = [..."ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"];
const FINALS = ["", ..."ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"];
const PAIRS: Readonly<Record<string, string>> = {
  ...{
    ㄱㅅ: "ㄳ",
    ㄴㅈ: "ㄵ",
    ㄴㅎ: "ㄶ",
    ㄹㄱ: "ㄺ",
    ㄹㅁ: "ㄻ",
    ㄹㅂ: "ㄼ",
    ㄹㅅ: "ㄽ",
    ㄹㅌ: "ㄾ",
    ㄹㅍ: "ㄿ",
    ㄹㅎ: "ㅀ",
  },
  ...{ ㅂㅅ: "ㅄ", ㅗㅏ: "ㅘ", ㅗㅐ: "ㅙ", ㅗㅣ: "ㅚ", ㅜㅓ: "ㅝ", ㅜㅔ: "ㅞ", ㅜㅣ: "ㅟ", ㅡㅣ: "ㅢ" },
};

interface Syllable {
  initial: string;
  vowel: string;
  final: string;
}

export function typed(keys: string): string {
  const done: Syllable[] = [];
  let now: Syllable = { initial: "", vowel: "", final: "" };
  const next = (syllable: Partial<Syllable>) => {
    done.push(now);
    now = { initial: "", vowel: "", final: "", ...syllable };
  };
  for (const key of keys) {
    const [consonant, vowel] = [CONSONANTS[key], VOWELS[key]];
    if (consonant) {
      const pair = PAIRS[now.final + consonant];
      if (now.initial && now.vowel && now.final === "") now.final = consonant;
      else if (now.final && pair) now.final = pair;
      else next({ initial: consonant });
    } else if (vowel) {
      const pair = PAIRS[now.vowel + vowel];
      if (now.final) {
        const [stays = "", moves = ""] =
          Object.entries(PAIRS).find(([, both]) => both === now.final)?.[0] ?? "";
        const last = moves || now.final;
        now.final = moves ? stays : "";
        next({ initial: last, vowel });
      } else if (now.vowel === "") now.vowel = vowel;
      else if (pair) now.vowel = pair;
      else next({ vowel });
    }
  }
  return [...done, now].map(shown).join("");
}

function shown({ initial, vowel, final }: Syllable): string {
  if (!initial || !vowel) return initial + vowel + final;
  const index = (INITIALS.indexOf(initial) * 21 + MEDIALS.indexOf(vowel)) * 28 + FINALS.indexOf(final);
  return String.fromCodePoint(0xac00 + index);
}
