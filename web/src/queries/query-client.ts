import { onlineManager, QueryClient } from "@tanstack/react-query";
import { ApiError, SessionEndedError } from "../api/api-error.ts";

const MAX_RETRIES = 2;
/** Longest `Retry-After` that is waited out in silence, in milliseconds. */
const PATIENCE = 5_000;

/** Reads are tried again where that may help; writes never are, or a post might come out twice. */
function mayRetry(failures: number, error: unknown): boolean {
  if (!(error instanceof ApiError) || error instanceof SessionEndedError) return false;
  if (error.status === 429) return failures < 1 && (error.retryAfter ?? Number.POSITIVE_INFINITY) <= PATIENCE;
  return failures < MAX_RETRIES && (error.status === 0 || error.status >= 500);
}

function pause(failures: number, error: unknown): number {
  return error instanceof ApiError && error.retryAfter
    ? Math.min(error.retryAfter, PATIENCE)
    : 400 * 2 ** failures;
}

// It only hears of changes: a start without a network isn't one.
onlineManager.setOnline(navigator.onLine);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 5 * 60_000,
      retry: mayRetry,
      retryDelay: pause,
      // A list that changes under the reader's eyes is a nuisance: new posts are announced instead.
      refetchOnWindowFocus: false,
      refetchOnReconnect: (query) => query.state.status === "error",
      networkMode: "always",
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
