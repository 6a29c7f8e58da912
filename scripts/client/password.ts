import { randomInt } from "node:crypto";

const CLASSES = ["abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "@$!%*?&#"] as const;
const LENGTH = 20;

/** A random password that the sign-up rules accept: one of each class at least, no look-alike letters. */
export function randomPassword(): string {
  const letters: string[] = CLASSES.map(pick);
  while (letters.length < LENGTH) letters.push(pick(CLASSES[randomInt(3)] as string));
  for (let i = letters.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [letters[i], letters[j]] = [letters[j] as string, letters[i] as string];
  }
  return letters.join("");
}

function pick(alphabet: string): string {
  return alphabet[randomInt(alphabet.length)] as string;
}
