import type { FieldError } from "../../contracts/errors.ts";
import type { Language } from "./language.ts";

type Wording = (limit: string | number | undefined) => string;

const MESSAGES: Readonly<Record<string, readonly [ko: Wording, en: Wording]>> = {
  required: [() => "필수 항목입니다.", () => "This is required."],
  type: [
    (type) => `형식이 올바르지 않습니다 (${type}).`,
    (type) => `This has the wrong type: expected ${type}.`,
  ],
  enum: [(values) => `다음 중 하나여야 합니다: ${values}`, (values) => `This must be one of: ${values}.`],
  minLength: [(limit) => `${limit}자 이상 입력해 주세요.`, (limit) => `Enter at least ${limit} characters.`],
  maxLength: [(limit) => `${limit}자 이하로 입력해 주세요.`, (limit) => `Enter at most ${limit} characters.`],
  minimum: [(limit) => `${limit} 이상이어야 합니다.`, (limit) => `This must be at least ${limit}.`],
  maximum: [(limit) => `${limit} 이하여야 합니다.`, (limit) => `This must be at most ${limit}.`],
  minItems: [(limit) => `${limit}개 이상이어야 합니다.`, (limit) => `Give at least ${limit}.`],
  maxItems: [(limit) => `${limit}개 이하여야 합니다.`, (limit) => `Give at most ${limit}.`],
  pattern: [
    () => "사용할 수 없는 문자가 있거나 형식이 올바르지 않습니다.",
    () => "This has characters that are not allowed, or the wrong form.",
  ],
  "well-formed": [() => "올바른 유니코드 문자열이 아닙니다.", () => "This is not a valid Unicode text."],
  "format:email": [() => "올바른 이메일 주소가 아닙니다.", () => "This is not an e-mail address."],
  "format:not-blank": [() => "내용을 입력해 주세요.", () => "This must not be blank."],
  "format:password": [
    () =>
      "비밀번호는 영문 대문자, 소문자, 숫자, 특수문자(@$!%*?&#)를 하나 이상 포함해야 하며 다른 문자는 쓸 수 없습니다.",
    () =>
      "A password needs a lower-case letter, an upper-case letter, a digit and one of @$!%*?&#, and no other characters.",
  ],
  "format:http-url": [
    () => "http 또는 https 주소여야 합니다.",
    () => "This must be an http or https address.",
  ],
  "format:optional-http-url": [
    () => "http 또는 https 주소여야 합니다.",
    () => "This must be an http or https address.",
  ],
  "format:image-address": [
    () => "http(s) 주소이거나 /로 시작하는 주소여야 합니다.",
    () => "This must be an http(s) address, or begin with a single /.",
  ],
  "format:optional-image-address": [
    () => "http(s) 주소이거나 /로 시작하는 주소여야 합니다.",
    () => "This must be an http(s) address, or begin with a single /.",
  ],
  "format:optional-language-code": [
    () => "언어 코드는 2~5자여야 합니다.",
    () => "A language code has 2 to 5 characters.",
  ],
  "format:optional-time-zone": [() => "올바른 시간대가 아닙니다.", () => "This is not a time zone."],
  "format:optional-past-date": [
    () => "오늘 이전의 날짜(yyyy-MM-dd)여야 합니다.",
    () => "This must be a date before today, as yyyy-MM-dd.",
  ],
  "format:instant": [
    () => "ISO 8601 형식의 일시여야 합니다 (예: 2026-01-31T09:00:00Z).",
    () => "This must be an ISO 8601 date-time, such as 2026-01-31T09:00:00Z.",
  ],
  "format:search-keyword": [
    () => "검색어는 앞뒤 공백을 빼고 1~100자여야 합니다.",
    () => "A keyword has 1 to 100 characters, spaces around it apart.",
  ],
  "format:optional-search-keyword": [
    () => "검색어는 앞뒤 공백을 빼고 100자 이하여야 합니다.",
    () => "A keyword has at most 100 characters, spaces around it apart.",
  ],
  multipart: [
    () => "multipart/form-data 형식으로 파일을 보내 주세요.",
    () => "Send the file as multipart/form-data.",
  ],
  "one-file": [() => "파일은 하나만 보낼 수 있습니다.", () => "Send one file only."],
  megapixels: [
    (limit) => `이미지는 모든 프레임을 합해 ${limit}메가픽셀 이하여야 합니다.`,
    (limit) => `An image has at most ${limit} megapixels, all its frames together.`,
  ],
  range: [(limit) => `허용 범위를 벗어났습니다 (${limit}).`, (limit) => `This is out of range: ${limit}.`],
};

/** The text for people of one failed rule. */
export function fieldMessage(error: FieldError, language: Language): string {
  const wordings = MESSAGES[error.rule];
  if (!wordings) return language === "ko" ? "올바르지 않은 값입니다." : "This value is not valid.";
  return wordings[language === "ko" ? 0 : 1](error.limit);
}
