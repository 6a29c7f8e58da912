import { setTimeout as delay } from "node:timers/promises";
import { isDomainError } from "../../contracts/errors.ts";

/** Milliseconds between two looks whether there are permits again; there are new ones each second. */
const PAUSE = 200;

/** Work in the background that can wait: a call over the limit of calls to other nodes is made when it may be. */
export async function paced<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isDomainError(error, "TOO_MANY_REQUEST")) throw error;
    }
    await delay(PAUSE);
  }
}
