import type { ErrorEnvelope } from "./generated/schema.ts";

/** Why a call failed: the network, or an answer of the API. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Stable symbol of the API; `UNREACHABLE` when there was no answer. */
  readonly code: string;
  readonly requestId: string | undefined;
  /** Texts for people by field of the request. */
  readonly fields: Readonly<Record<string, string>>;
  /** Milliseconds after which to try again, where the answer tells. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: Partial<ErrorEnvelope>, retryAfter?: number) {
    super(body.message ?? `HTTP ${status}`);
    this.status = status;
    this.code = body.code ?? (status === 0 ? "UNREACHABLE" : "UNKNOWN");
    this.requestId = body.requestId;
    this.fields = Object.fromEntries((body.errors ?? []).map(({ field, message }) => [field, message]));
    this.retryAfter = retryAfter;
  }

  /** May the request have been carried out all the same? */
  get isOutcomeUnknown(): boolean {
    return this.status === 0 || this.status === 504 || this.status === 502;
  }
}

/** The API asked to log in anew: whatever was under way is over. */
export class SessionEndedError extends ApiError {
  constructor(body: Partial<ErrorEnvelope> = {}) {
    super(401, { code: "INVALID_TOKEN", ...body });
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof ApiError && error.code === code;
}

/** An answer that is no success, as an error. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as Partial<ErrorEnvelope>;
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ApiError(response.status, body, Number.isFinite(seconds) ? seconds * 1000 : undefined);
}
