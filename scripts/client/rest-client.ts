import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, type FieldError, UnreachableError } from "./api-error.ts";

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/api`, with its query string: `/timeline/posts?size=20`. */
  readonly path: string;
  readonly body?: unknown;
  /** Sent in place of a JSON body. */
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
  /** May be sent again after a 503, a 504 or a lost connection. Default: everything but POST. */
  readonly repeatable?: boolean;
}

export interface ApiResponse<T> {
  readonly data: T;
  readonly headers: Headers;
  /** The answer asks for a new token after this work. */
  readonly refreshNeeded: boolean;
}

export interface RestClientOptions {
  /** Scheme, host and port of the system: `http://localhost:3000`. */
  readonly baseUrl: string;
  /** Called before each wait for a rate limit, with its length in milliseconds. */
  readonly onRateLimited?: (milliseconds: number) => void;
  /** For tests: waits `milliseconds`. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

export interface ClientStatistics {
  requests: number;
  rateLimitWaits: number;
  repeats: number;
}

const REQUEST_TIMEOUT_MS = 60_000;
const MAX_REPEATS = 6;
/** A limit's window is a minute: a request that is turned away this often will never pass. */
const MAX_RATE_LIMIT_WAITS = 200;
const DEFAULT_RATE_LIMIT_WAIT_MS = 1000;

/** The REST API without a member: envelopes, rate limits and repeats. */
export class RestClient {
  readonly statistics: ClientStatistics = { requests: 0, rateLimitWaits: 0, repeats: 0 };
  readonly #baseUrl: string;
  readonly #wait: (milliseconds: number) => Promise<void>;
  readonly #onRateLimited: (milliseconds: number) => void;

  constructor(options: RestClientOptions) {
    this.#baseUrl = options.baseUrl.replace(/\/+$/, "");
    this.#wait = options.wait ?? ((milliseconds) => sleep(milliseconds));
    this.#onRateLimited = options.onRateLimited ?? (() => {});
  }

  /**
   * Sends a request until it has its answer: a 429 is waited out as `Retry-After` says; 503, 504 and lost
   * connections are repeated where that is safe.
   * @throws ApiError when the answer is a failure, UnreachableError when there is none
   */
  async send<T>(request: ApiRequest): Promise<ApiResponse<T>> {
    const repeatable = request.repeatable ?? request.method !== "POST";
    let repeats = 0;
    let waits = 0;
    for (;;) {
      const outcome = await this.#attempt<T>(request);
      if (!(outcome instanceof Error)) return outcome;
      if (outcome instanceof RateLimitedError) {
        if (++waits > MAX_RATE_LIMIT_WAITS) throw outcome.error;
        this.statistics.rateLimitWaits++;
        this.#onRateLimited(outcome.retryAfterMs);
        await this.#wait(outcome.retryAfterMs);
      } else {
        if (!mayRepeat(outcome, repeatable) || ++repeats > MAX_REPEATS) throw outcome;
        this.statistics.repeats++;
        await this.#wait(backOffMs(repeats));
      }
    }
  }

  /** Waits before the `attempt`-th look at a write whose outcome is unknown. */
  async backOff(attempt: number): Promise<void> {
    await this.#wait(backOffMs(attempt));
  }

  async #attempt<T>(request: ApiRequest): Promise<ApiResponse<T> | Error> {
    const title = `${request.method} ${this.#baseUrl}/api${request.path}`;
    this.statistics.requests++;
    try {
      const response = await fetch(`${this.#baseUrl}/api${request.path}`, {
        method: request.method,
        headers: {
          ...(request.form ? {} : { "content-type": "application/json" }),
          "accept-language": "en",
          ...request.headers,
        },
        body: request.form ?? (request.body === undefined ? null : JSON.stringify(request.body)),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const text = await response.text();
      if (response.ok) {
        return {
          data: (JSON.parse(text) as { data: T }).data,
          headers: response.headers,
          refreshNeeded: response.headers.has("x-token-refresh-needed"),
        };
      }
      const error = toApiError(title, response, text);
      return response.status === 429 ? new RateLimitedError(error, retryAfterMs(response)) : error;
    } catch (cause) {
      return cause instanceof SyntaxError
        ? new Error(`${title} did not answer with JSON: is this address a dailyfeed system?`, { cause })
        : new UnreachableError(title, cause);
    }
  }
}

class RateLimitedError extends Error {
  readonly error: ApiError;
  readonly retryAfterMs: number;

  constructor(error: ApiError, milliseconds: number) {
    super(error.message);
    this.error = error;
    this.retryAfterMs = milliseconds;
  }
}

function mayRepeat(error: Error, repeatable: boolean): boolean {
  if (error instanceof UnreachableError) return repeatable || error.refused;
  return repeatable && error instanceof ApiError && (error.status === 503 || error.status === 504);
}

function backOffMs(attempt: number): number {
  return Math.min(200 * 2 ** (attempt - 1), 5000);
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.max(seconds * 1000, 50) : DEFAULT_RATE_LIMIT_WAIT_MS;
}

function toApiError(request: string, response: Response, text: string): ApiError {
  let envelope: { code?: string; message?: string; errors?: readonly FieldError[] };
  try {
    envelope = JSON.parse(text) as typeof envelope;
  } catch {
    envelope = { message: "the answer is not an error envelope" };
  }
  return new ApiError({
    request,
    status: response.status,
    code: envelope.code ?? "UNKNOWN",
    message: envelope.message ?? response.statusText,
    fieldErrors: envelope.errors ?? [],
    refreshNeeded: response.headers.has("x-token-refresh-needed"),
    reloginRequired: response.headers.has("x-relogin-required"),
  });
}
