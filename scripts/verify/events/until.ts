import { setTimeout as sleep } from "node:timers/promises";

const DEADLINE_MS = 180_000;
const POLL_MS = 100;

/**
 * Waits for a condition.
 * @param explain tells why it may not be so, for the error
 * @throws Error when it isn't so within three minutes
 */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  explain: () => Promise<string> = async () => "",
): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) {
      throw new Error(`waited three minutes until ${what}\n${await explain()}`.trimEnd());
    }
    await sleep(POLL_MS);
  }
}
