import { ApiError } from "../api/api-error.ts";
import type { Messages } from "../i18n/en.ts";

/** What went wrong and what to do about it. The API's own words where they say more than ours. */
export function problemText(error: unknown, { problem }: Messages): string {
  if (!(error instanceof ApiError)) return problem.unexpected;
  if (error.status === 0) return problem.unreachable;
  if (error.status === 429) {
    return error.retryAfter ? problem.busyFor(Math.ceil(error.retryAfter / 1000)) : problem.busy;
  }
  if (error.status === 502 || error.status === 503 || error.status === 504) return problem.unavailable;
  if (error.status >= 500) return problem.server;
  const [first] = Object.values(error.fields);
  return first ?? error.message;
}
