import { type Context, Errors } from "moleculer";
import type { CallHandler, CallMiddleware } from "./built-in.ts";

type Timeable = Promise<unknown> & { timeout?: (ms: number) => Promise<unknown> };

/**
 * Moleculer's timeout asks the promise of a call for its `timeout`; the one that Moleculer gives to all promises makes
 * seven more and costs more than all else around a local call. This one makes two.
 */
export function QuickTimeouts(): CallMiddleware {
  const wrap = (next: CallHandler): CallHandler =>
    function timeable(ctx: Context) {
      const answer: Timeable = next(ctx);
      answer.timeout = within;
      return answer;
    };
  return { name: "QuickTimeouts", localAction: wrap, remoteAction: wrap };
}

function within(this: Promise<unknown>, ms: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Errors.TimeoutError("")), ms);
    this.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
