import type { Messages } from "../i18n/en.ts";
import { isBlank, lengthOf } from "./length.ts";

type Rules = Messages["rules"];

/** What is wrong with a field, in words; undefined where nothing is. */
export type Check = (value: string, rules: Rules) => string | undefined;

export function passwordRules(value: string) {
  return [
    { name: "passwordLength", met: value.length >= 8 && value.length <= 50 },
    { name: "passwordLower", met: /[a-z]/.test(value) },
    { name: "passwordUpper", met: /[A-Z]/.test(value) },
    { name: "passwordDigit", met: /\d/.test(value) },
    { name: "passwordSign", met: /[@$!%*?&#]/.test(value) },
    { name: "passwordOnly", met: value !== "" && /^[A-Za-z\d@$!%*?&#]*$/.test(value) },
  ] as const;
}

export const given: Check = (value, rules) => (value === "" ? rules.required : undefined);

export const notBlank: Check = (value, rules) => (isBlank(value) ? rules.required : undefined);

export function atMost(limit: number): Check {
  return (value, rules) => (lengthOf(value) > limit ? rules.tooLong(limit) : undefined);
}

export function atLeast(limit: number): Check {
  return (value, rules) => (lengthOf(value) < limit ? rules.tooShort(limit) : undefined);
}

export const email: Check = (value, rules) =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : rules.email;

export const handle: Check = (value, rules) =>
  /^[a-zA-Z0-9_]{3,50}$/.test(value) ? undefined : rules.handle;

export const url: Check = (value, rules) =>
  value === "" || (/^https?:\/\/\S+$/i.test(value) && URL.canParse(value)) ? undefined : rules.url;

export const pastDate: Check = (value, rules) =>
  value === "" || (value >= "1000-01-01" && value < new Date().toISOString().slice(0, 10))
    ? undefined
    : rules.birthDate;

export const newPassword: Check = (value, rules) =>
  passwordRules(value).every(({ met }) => met)
    ? undefined
    : value === ""
      ? rules.required
      : rules.passwordWeak;

/** The first complaint of several checks. */
export function all(...checks: readonly Check[]): Check {
  return (value, rules) => {
    for (const check of checks) {
      const complaint = check(value, rules);
      if (complaint !== undefined) return complaint;
    }
    return undefined;
  };
}
