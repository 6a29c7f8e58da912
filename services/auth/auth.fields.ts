import { Type } from "@sinclair/typebox";

export const EmailField = Type.String({ format: "email", maxLength: 100 });

/** At least one lower-case and upper-case letter, digit and special character; no other characters. */
export const NewPasswordField = Type.String({ minLength: 8, maxLength: 50, format: "password" });

/** A password to compare: whatever it is, the answer is "right" or "wrong", not why. */
export const PasswordField = Type.String({ maxLength: 1_000 });
