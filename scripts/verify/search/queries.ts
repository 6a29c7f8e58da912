export type QueryKind =
  | "noun"
  | "particle"
  | "verb"
  | "English"
  | "mixed"
  | "several words"
  | "one character"
  | "hashtag"
  | "one typo"
  | "initials"
  | "special characters"
  | "nothing";

/**
 * A keyword, and what it must find, which follows from the texts: all that contain each of its words, or, where the
 * keyword has a typo, all with a word that begins with what was meant.
 */
export interface QualityQuery {
  readonly kind: QueryKind;
  readonly keyword: string;
  /** What was meant by a keyword with a typo. */
  readonly meant?: string;
  /** The least share of what must be found in what is found. Long words also find what differs by a letter. */
  readonly precision: number;
}

/** Short words: exactly the texts that contain them. */
const EXACT: Partial<Record<QueryKind, readonly string[]>> = {
  noun: ["배우", "연기", "감동", "음악", "가족", "전쟁", "눈물", "친구", "평점", "알바"],
  particle: ["배우가", "감독이", "영화를", "스토리는", "평점은", "cg가", "ost도"],
  verb: ["봤다", "울었", "느꼈", "웃기", "지루하", "없었", "아깝", "먹먹"],
  English: ["sf", "ost", "dvd", "the", "best", "cgv", "OST", "ood"],
  mixed: ["b급영화", "sf영화", "10점", "1편", "3d로", "007", "19금"],
  "several words": ["배우 연기", "감동 배우", "액션 영화", "최고의 영화", "음악 눈물", "sf 영화"],
  "one character": ["책", "꽃", "왜", "굿"],
  hashtag: ["#영화", "#병맛", "#감동", "#ost"],
  initials: ["ㅋㅋ", "ㅠㅠ", "ㅎㅎ", "ㄷㄷ", "ㅇㅇ"],
  "special characters": [
    "10점!!",
    "(당연함)",
    '"졸작"',
    "감동...",
    "영화_음악",
    "b급 & 영화",
    "^^",
    "…?!",
    "OR* NOT",
  ],
  nothing: ["쀍뚫", "뷁뷁뷁", "qzxj", "배우뷁", "감동 뷁뚫", "<script>alert", "'; DROP TABLE posts; --"],
};

/**
 * Long words: those texts first, and after them what differs by a letter, which in Korean is another particle or ending
 * now and then.
 */
const LONG: readonly QualityQuery[] = [
  { kind: "noun", keyword: "클레멘타인", precision: 0.9 },
  { kind: "noun", keyword: "시나리오", precision: 0.9 },
  { kind: "noun", keyword: "다큐멘터리", precision: 0.8 },
  { kind: "particle", keyword: "아이들과", precision: 0.9 },
  { kind: "particle", keyword: "마지막에", precision: 0.5 },
  { kind: "particle", keyword: "연기력이", precision: 0.3 },
  { kind: "verb", keyword: "재미있는", precision: 0.8 },
  { kind: "verb", keyword: "추천합니다", precision: 0.9 },
  { kind: "English", keyword: "movie", precision: 0.9 },
  { kind: "English", keyword: "beautiful", precision: 0.9 },
];

/** One letter substituted, missing, added or swapped. */
const TYPOS: readonly QualityQuery[] = [
  { kind: "one typo", keyword: "클레맨타인", meant: "클레멘타인", precision: 0.9 },
  { kind: "one typo", keyword: "클레멘탄인", meant: "클레멘타인", precision: 0.9 },
  { kind: "one typo", keyword: "다큐맨터리", meant: "다큐멘터리", precision: 0.8 },
  { kind: "one typo", keyword: "애니매이션", meant: "애니메이션", precision: 0.8 },
  { kind: "one typo", keyword: "디카프리어", meant: "디카프리오", precision: 0.9 },
  { kind: "one typo", keyword: "디캎리오", meant: "디카프리오", precision: 0.9 },
  { kind: "one typo", keyword: "시나리도", meant: "시나리오", precision: 0.8 },
  { kind: "one typo", keyword: "재밋는데", meant: "재밌는데", precision: 0.8 },
  { kind: "one typo", keyword: "클멘레타인", meant: "클레멘타인", precision: 0.8 },
  { kind: "one typo", keyword: "다큐터리", meant: "다큐멘터리", precision: 0.8 },
  { kind: "one typo", keyword: "카리스미", meant: "카리스마", precision: 0.8 },
  { kind: "one typo", keyword: "beatiful", meant: "beautiful", precision: 0.9 },
  { kind: "one typo", keyword: "youtbue", meant: "youtube", precision: 0.9 },
  { kind: "one typo", keyword: "perfact", meant: "perfect", precision: 0.9 },
];

export const QUERIES: readonly QualityQuery[] = [
  ...Object.entries(EXACT).flatMap(([kind, keywords]) =>
    keywords.map((keyword) => ({ kind: kind as QueryKind, keyword, precision: 1 })),
  ),
  ...LONG,
  ...TYPOS,
];

/** Names that members have, to be found by initial consonants. */
export const NAMES: readonly string[] = [
  "김민수",
  "김민서",
  "강미선",
  "이준호",
  "이지혜",
  "박서준",
  "박수진",
  "최유리",
  "정해인",
  "한지민",
  "황보라",
  "남궁민",
  "선우은숙",
  "김 미소",
  "Mina Kim",
  "준호 Lee",
];

/** Initial consonants: every name in whose words they stand one after the other. */
export const INITIALS: readonly string[] = ["ㄱㅁㅅ", "ㅈㅎ", "ㅂㅅㅈ", "ㅎㅈ", "ㄴㄱㅁ", "ㅅㅇㅇㅅ", "ㅌㅋ"];
