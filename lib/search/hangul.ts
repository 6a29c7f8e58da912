const FIRST_SYLLABLE = 0xac00;
const SYLLABLES = 11_172;
const VOWELS = 21;
const FINALS = 28;

/** Keys of the two-set keyboard, without shift, in Unicode's order of the letters. */
const INITIAL_KEYS = "r r s e e f a q q t t d w w c z x v g".split(" ");
const VOWEL_KEYS = "k o i o j p u p h hk ho hl y n nj np nl b m ml l".split(" ");
const FINAL_KEYS = " r r rt s sw sg e f fr fa fq ft fx fv fg a q qt t t d w c z x v g".split(" ");
/** The letters on their own, U+3131 to U+3163: consonants, then vowels. */
const FIRST_LETTER = 0x3131;
const LETTER_KEYS = [
  ..."r r rt s sw sg e e f fr fa fq ft fx fv fg a q q qt t t d w w c z x v g".split(" "),
  ...VOWEL_KEYS,
];
const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";

/** The text as it is typed on the two-set keyboard, without shift: `영화` is `dudghk`. What isn't Hangul stays. */
export function keystrokes(text: string): string {
  let keys = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const syllable = code - FIRST_SYLLABLE;
    if (syllable >= 0 && syllable < SYLLABLES) {
      keys += INITIAL_KEYS[Math.floor(syllable / (VOWELS * FINALS))];
      keys += VOWEL_KEYS[Math.floor(syllable / FINALS) % VOWELS];
      keys += FINAL_KEYS[syllable % FINALS];
    } else keys += LETTER_KEYS[code - FIRST_LETTER] ?? character;
  }
  return keys;
}

/** Each syllable's first consonant, as names are looked up by: `김민수` is `ㄱㅁㅅ`. What isn't a syllable stays. */
export function initialsOf(text: string): string {
  return text.normalize("NFC").replace(/[가-힣]/g, (syllable) => {
    const index = (syllable.codePointAt(0) ?? 0) - FIRST_SYLLABLE;
    return INITIALS[Math.floor(index / (VOWELS * FINALS))] ?? syllable;
  });
}
