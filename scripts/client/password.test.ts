import { expect, test } from "vitest";
import { randomPassword } from "./password.ts";

test("meets the sign-up rules and never comes twice", () => {
  const passwords = Array.from({ length: 200 }, randomPassword);
  for (const password of passwords) {
    expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[@$!%*?&#])[A-Za-z\d@$!%*?&#]{8,50}$/);
  }
  expect(new Set(passwords).size).toBe(200);
});
