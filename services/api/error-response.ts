import {
  type DomainErrorData,
  ERROR_CATALOGUE,
  type ErrorCode,
  isErrorCode,
} from "../../contracts/errors.ts";
import { fieldMessage } from "./field-messages.ts";
import type { Language } from "./language.ts";

/** A failure as the client sees it. */
export interface ErrorAnswer {
  readonly code: ErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface FailedRequest {
  readonly path: string;
  readonly requestId: string;
  readonly language: Language;
}

/** Error types of the framework and the body parsers, as codes of the contract. */
const FOREIGN_TYPES: Readonly<Record<string, ErrorCode>> = {
  "entity.parse.failed": "MALFORMED_JSON",
  "request.aborted": "MALFORMED_JSON",
  "request.size.invalid": "MALFORMED_JSON",
  "entity.verify.failed": "MALFORMED_JSON",
  "entity.too.large": "PAYLOAD_TOO_LARGE",
  "encoding.unsupported": "UNSUPPORTED_MEDIA_TYPE",
  "charset.unsupported": "UNSUPPORTED_MEDIA_TYPE",
  ERR_UNABLE_DECODE_PARAM: "NOT_FOUND",
  UNABLE_DECODE_PARAM: "NOT_FOUND",
  REQUEST_TIMEOUT: "GATEWAY_TIMEOUT",
  REQUEST_SKIPPED: "GATEWAY_TIMEOUT",
  SERVICE_NOT_FOUND: "SERVICE_UNAVAILABLE",
  SERVICE_NOT_AVAILABLE: "SERVICE_UNAVAILABLE",
  REQUEST_REJECTED: "SERVICE_UNAVAILABLE",
  QUEUE_FULL: "SERVICE_UNAVAILABLE",
  BAD_GATEWAY: "SERVICE_UNAVAILABLE",
};

/** The code of any error that reaches the gateway; whatever isn't known is ours, and stays in the log. */
export function errorCodeOf(error: unknown): ErrorCode {
  const { type, code, name } = Object(error) as { type?: unknown; code?: unknown; name?: unknown };
  if (isErrorCode(type)) return type;
  if (typeof type === "string" && Object.hasOwn(FOREIGN_TYPES, type)) return FOREIGN_TYPES[type] as ErrorCode;
  // Errors without a type: a compressed body that can't be unpacked, moleculer-web's ServiceUnavailableError.
  if (typeof code === "string" && /^(Z_|ERR_ZLIB|ERR_BROTLI|ERR__ERROR_FORMAT)/.test(code))
    return "MALFORMED_JSON";
  if (code === 503 && name === "ServiceUnavailableError") return "SERVICE_UNAVAILABLE";
  if (code === 400) return "MALFORMED_JSON";
  return "INTERNAL_SERVER_ERROR";
}

/** The error envelope with its headers. Nothing of the error but contract data gets into it. */
export function errorAnswer(code: ErrorCode, data: DomainErrorData, request: FailedRequest): ErrorAnswer {
  const [status, ko, en] = ERROR_CATALOGUE[code];
  const errors = data.errors?.map((error) => ({
    field: error.field,
    message: fieldMessage(error, request.language),
  }));
  return {
    code,
    status,
    headers: errorHeaders(status, data),
    body: {
      statusCode: status,
      resultCode: "FAIL",
      code,
      message: request.language === "ko" ? ko : en,
      path: request.path,
      requestId: request.requestId,
      ...(errors ? { errors } : {}),
    },
  };
}

function errorHeaders(status: number, data: DomainErrorData): Record<string, string> {
  const headers: Record<string, string> = {};
  if (status === 429 || status === 503)
    headers["Retry-After"] = String(Math.max(1, Math.ceil(data.retryAfter ?? 1)));
  if (data.session === "relogin") headers["X-Relogin-Required"] = "true";
  if (data.session === "refresh") headers["X-Token-Refresh-Needed"] = "true";
  return headers;
}
