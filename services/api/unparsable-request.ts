import { randomUUID } from "node:crypto";
import type { ErrorCode } from "../../contracts/errors.ts";
import { errorAnswer } from "./error-response.ts";

/** The answer, from the status line on, to bytes that are no HTTP request, or one with too large a head. */
export function answerUnparsable(error: NodeJS.ErrnoException): string {
  const code: ErrorCode = error.code === "HPE_HEADER_OVERFLOW" ? "PAYLOAD_TOO_LARGE" : "VALIDATION_ERROR";
  const requestId = randomUUID();
  const { status, body } = errorAnswer(code, {}, { path: "", requestId, language: "ko" });
  const text = JSON.stringify(body);
  const reason = status === 413 ? "Payload Too Large" : "Bad Request";
  return [
    `HTTP/1.1 ${status} ${reason}`,
    `X-Request-Id: ${requestId}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(text)}`,
    "Connection: close",
    "",
    text,
  ].join("\r\n");
}
