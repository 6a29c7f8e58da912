import type { IncomingMessage, ServerResponse } from "node:http";
import { bytesOfOrThrow } from "../../contracts/transferable-bytes.ts";

/** What an action answers whose result is a file. */
export interface FileResult {
  readonly bytes: unknown;
  readonly mimeType: string;
  /** Tells two states of the file apart; of the characters that an ETag may have. */
  readonly version: string;
}

/**
 * Sets the headers of a file that never changes; answers its bytes, or null where the client has it already (304).
 */
export function fileAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { bytes, version }: FileResult,
): Buffer | null {
  const etag = `"${version}"`;
  response.setHeader("ETag", etag);
  response.setHeader("Cache-Control", "public, max-age=31536000, immutable");
  response.setHeader("X-Content-Type-Options", "nosniff");
  if (isKnown(request.headers["if-none-match"], etag)) {
    response.statusCode = 304;
    return null;
  }
  return bytesOfOrThrow(bytes);
}

/** Weak comparison, as for every conditional GET. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((item) => {
    const known = item.trim();
    return known === "*" || known.replace(/^W\//, "") === etag;
  });
}
