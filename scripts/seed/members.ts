export interface DemoMember {
  readonly handle: string;
  readonly displayName: string;
  readonly bio: string;
  readonly location: string;
  readonly language: "ko" | "en";
  readonly countryCode: "KR" | "US" | "GB" | "CA" | "AU";
  readonly timezone: string;
}

type Row = readonly [handle: string, displayName: string, bio: string, location: string];

const KOREAN: readonly Row[] = [
  ["minji_bakes", "김민지", "주말마다 빵을 굽습니다. 실패한 빵은 제가 먹어요.", "서울"],
  ["junho_runs", "박준호", "매일 아침 한강을 달립니다. 목표는 가을 마라톤 완주.", "서울"],
  ["seoyeon_film", "이서연", "영화관 맨 뒷줄 가운데 자리를 좋아하는 사람.", "부산"],
  ["dohyun_dev", "최도현", "백엔드 개발자. 로그를 읽는 게 취미입니다.", "성남"],
  ["haeun_garden", "정하은", "베란다에서 토마토와 바질을 키워요.", "대전"],
  ["woojin_trail", "강우진", "백대 명산 47번째 도전 중.", "춘천"],
  ["yuna_reads", "조유나", "한 달에 네 권. 독서 기록 남기는 중이에요.", "인천"],
  ["taeyang_coffee", "윤태양", "동네에서 작은 커피집을 합니다.", "전주"],
  ["soyoung_draws", "장소영", "매일 한 장씩 그림을 그립니다.", "서울"],
  ["hyunwoo_bike", "임현우", "자전거로 출퇴근한 지 4년째.", "수원"],
  ["jiwoo_cats", "한지우", "고양이 두 마리와 살아요. 이름은 두부와 콩이.", "광주"],
  ["eunji_travel", "오은지", "기차 여행을 좋아합니다. 창가 자리만 예약해요.", "대구"],
  ["sungmin_eats", "서성민", "국밥 전문가를 꿈꾸는 직장인.", "부산"],
  ["nari_music", "신나리", "취미로 첼로를 배우고 있습니다.", "서울"],
  ["kyungho_photo", "권경호", "필름 카메라로 골목을 찍어요.", "군산"],
  ["dain_yoga", "황다인", "요가 강사. 천천히 숨 쉬는 법을 나눕니다.", "제주"],
  ["jaewon_sea", "안재원", "쉬는 날엔 바다에 갑니다.", "강릉"],
  ["bora_study", "송보라", "간호학과 3학년, 시험과 싸우는 중.", "청주"],
  ["minseok_home", "류민석", "낡은 집을 혼자 고치고 있어요.", "목포"],
  ["gaeun_words", "홍가은", "번역가. 좋은 문장을 모읍니다.", "파주"],
  ["sangwoo_ball", "전상우", "일요일 아침 축구, 포지션은 골키퍼.", "울산"],
  ["yejin_craft", "고예진", "뜨개질과 바느질. 겨울이 제일 바빠요.", "원주"],
  ["donghae_stars", "문동해", "별 보러 시골로 내려온 사람.", "영월"],
  ["ara_teacher", "양아라", "초등학교 2학년 담임입니다.", "세종"],
  ["chanmi_tea", "손찬미", "차 한 잔으로 하루를 시작해요.", "하동"],
];

const ENGLISH: readonly (readonly [...Row, DemoMember["countryCode"], timezone: string])[] = [
  [
    "ella_loaf",
    "Ella Hughes",
    "Sourdough, mostly. Ask me about my starter.",
    "Bristol",
    "GB",
    "Europe/London",
  ],
  [
    "marcus_miles",
    "Marcus Reid",
    "Slow runner, fast breakfast eater.",
    "Portland",
    "US",
    "America/Los_Angeles",
  ],
  ["priya_reads", "Priya Nair", "Librarian. I lend books and opinions.", "Leeds", "GB", "Europe/London"],
  [
    "tom_wrench",
    "Tom Becker",
    "Fixing bicycles one squeak at a time.",
    "Minneapolis",
    "US",
    "America/Chicago",
  ],
  [
    "nora_fern",
    "Nora Lindqvist",
    "Too many ferns, not enough windows.",
    "Vancouver",
    "CA",
    "America/Vancouver",
  ],
  ["gus_on_rails", "Gus Moreau", "I take the train on purpose.", "Montreal", "CA", "America/Toronto"],
  ["ivy_codes", "Ivy Chen", "Data engineer. I like boring systems.", "Seattle", "US", "America/Los_Angeles"],
  ["hal_the_baker", "Hal Osborne", "Up at four so you can have croissants.", "Bath", "GB", "Europe/London"],
  ["zoe_sketches", "Zoe Marino", "A sketch a day since 2021.", "Brooklyn", "US", "America/New_York"],
  ["finn_tides", "Finn Gallagher", "Surf forecasts and wet dogs.", "Byron Bay", "AU", "Australia/Sydney"],
  [
    "amara_cooks",
    "Amara Bello",
    "Weeknight cooking for people who are tired.",
    "Houston",
    "US",
    "America/Chicago",
  ],
  ["leo_vinyl", "Leo Hart", "Second-hand records, first-hand stories.", "Glasgow", "GB", "Europe/London"],
  [
    "ruth_peaks",
    "Ruth Calder",
    "Hill walker. Flask of tea always included.",
    "Keswick",
    "GB",
    "Europe/London",
  ],
  ["sam_potter", "Sam Whitlock", "Making mugs that are nearly round.", "Asheville", "US", "America/New_York"],
  ["june_orbit", "June Park", "Backyard astronomer, sleepy by day.", "Tucson", "US", "America/Phoenix"],
  ["omar_chess", "Omar Haddad", "Club chess, coffee, and blunders.", "Toronto", "CA", "America/Toronto"],
  ["bea_birds", "Bea Thornton", "Counting birds before work.", "Norwich", "GB", "Europe/London"],
  ["max_grill", "Max Delgado", "Low and slow, rain or shine.", "Austin", "US", "America/Chicago"],
  [
    "tess_teaches",
    "Tess Morgan",
    "Maths teacher. Yes, it will be on the test.",
    "Adelaide",
    "AU",
    "Australia/Adelaide",
  ],
  ["owen_oak", "Owen Pryce", "Furniture from old floorboards.", "Cardiff", "GB", "Europe/London"],
  [
    "lila_frames",
    "Lila Fontaine",
    "Film photographs of ordinary streets.",
    "Quebec City",
    "CA",
    "America/Toronto",
  ],
  [
    "kit_cycles",
    "Kit Sørensen",
    "Commuting by bike in all weathers.",
    "Melbourne",
    "AU",
    "Australia/Melbourne",
  ],
  ["dana_strings", "Dana Weiss", "Learning the cello at forty-one.", "Chicago", "US", "America/Chicago"],
  [
    "ray_garden",
    "Ray Kowalski",
    "Tomatoes, dahlias, and a stubborn hedge.",
    "Buffalo",
    "US",
    "America/New_York",
  ],
  ["mia_notes", "Mia Sutton", "Writer of letters and lists.", "Hobart", "AU", "Australia/Hobart"],
];

/** The members that `npm run seed` signs up, Korean and English ones by turns. The first one is the demo log-in. */
export const DEMO_MEMBERS: readonly DemoMember[] = KOREAN.flatMap((korean, index) => {
  const english = ENGLISH[index];
  return [
    { ...named(korean), language: "ko" as const, countryCode: "KR" as const, timezone: "Asia/Seoul" },
    ...(english
      ? [{ ...named(english), language: "en" as const, countryCode: english[4], timezone: english[5] }]
      : []),
  ];
});

function named([handle, displayName, bio, location]: readonly [...Row, ...unknown[]]) {
  return { handle, displayName, bio, location };
}
