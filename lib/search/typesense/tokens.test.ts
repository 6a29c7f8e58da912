import { expect, it } from "vitest";
import { gramsOf } from "../grams.ts";
import { characterTokens, safeTokens, startTokens } from "./tokens.ts";

it("tokens of Korean syllables, digits and plain letters stay as they are", () => {
  for (const tokens of [gramsOf("오늘 날씨 4dx"), ""]) expect(safeTokens(tokens)).toBe(tokens);
});

it("other letters are written so that the server can't change them, nor take them for another", () => {
  expect(safeTokens("ré és ㅋㅋ 😀a")).toBe("x72xe9 xe9x73 x314bx314b x1f600x61");
  const tokens = safeTokens(gramsOf("É e\u0301 ё ÿ x xe x1 ０ 東京 が ㄱ")).split(" ");
  expect(tokens.every((token) => /^(?:[a-z0-9가-힣\ue000]{2}|(?:x[0-9a-f]+){2,})$/.test(token))).toBe(true);
});

it("every character of words is a token once", () => {
  expect(characterTokens(["가나", "나가é"])).toBe("가 나 xe9");
  expect(characterTokens([])).toBe("");
});

it("the first two characters of words are a token once", () => {
  expect(startTokens(["날씨가", "날씨", "날", "été"])).toBe("날씨 xe9x74");
});
