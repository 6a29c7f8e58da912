import type { IncomingMessage, ServerResponse } from "node:http";
import { Busboy, type BusboyHeaders, type BusboyInstance } from "@fastify/busboy";
import { domainError, validationError } from "../../contracts/errors.ts";
import { FORM_OVERHEAD, isForm, UPLOAD_LIMIT } from "./http-pipeline.ts";
import type { UploadBudget, UploadShare } from "./upload-budget.ts";

/** Bytes that are read and thrown away after a refusal, so that the client gets to read it. */
const DRAIN_LIMIT = 4 * UPLOAD_LIMIT;

const LIMITS = {
  fileSize: UPLOAD_LIMIT,
  fieldSize: 65_536,
  fields: 20,
  // One more than there may be, so that a second one is noticed.
  files: 2,
  parts: 30,
  headerPairs: 20,
};

/**
 * The file of a multipart form's one file part, which must have this name. Reads no more of the request than it takes
 * to know.
 * @throws VALIDATION_ERROR (no form, another or a second file), EMPTY_IMAGE_FILE, PAYLOAD_TOO_LARGE; SERVICE_UNAVAILABLE
 * when too many bytes of uploads are in memory already
 */
export async function readUploadOrThrow(
  request: IncomingMessage,
  response: ServerResponse,
  part: string,
  budget: UploadBudget,
): Promise<Buffer> {
  if (!isForm(request)) throw validationError({ field: part, rule: "multipart" });
  const share = budget.open();
  // The bytes live until the answer is out.
  response.once("close", share.close);
  try {
    return await readForm(request, part, share);
  } catch (error) {
    share.close();
    drain(request);
    throw error;
  }
}

function readForm(request: IncomingMessage, part: string, share: UploadShare): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const notAForm = () => reject(validationError({ field: part, rule: "multipart" }));
    let form: BusboyInstance;
    try {
      form = new Busboy({ headers: request.headers as BusboyHeaders, limits: LIMITS });
    } catch {
      // No boundary.
      return notAForm();
    }
    const body = bodyOf(request, share);
    const chunks: Buffer[] = [];
    let files = 0;
    let total = 0;
    request.on("data", (chunk: Buffer) => {
      const bytes = body ? move(chunk, body, total) : chunk;
      total += bytes.length;
      if (total > UPLOAD_LIMIT + FORM_OVERHEAD) reject(domainError("PAYLOAD_TOO_LARGE"));
      form.write(bytes);
    });
    form.on("file", (name, file) => {
      files++;
      if (files > 1) reject(validationError({ field: part, rule: "one-file" }));
      else if (name !== part) reject(validationError({ field: part, rule: "required" }));
      file.on("limit", () => reject(domainError("PAYLOAD_TOO_LARGE")));
      file.on("error", notAForm);
      file.on("data", (chunk: Buffer) => {
        if (share.take(chunk.length)) chunks.push(chunk);
        else reject(domainError("SERVICE_UNAVAILABLE", { retryAfter: 1 }));
      });
    });
    form.on("error", notAForm);
    form.on("finish", () => {
      if (files === 0) reject(domainError("EMPTY_IMAGE_FILE"));
      else resolve(fileOf(chunks, body));
    });
    request.once("error", notAForm);
    request.once("aborted", notAForm);
    request.once("end", () => form.end());
  });
}

/** Memory for all that is announced; undefined where nothing is, or so much is set aside that it comes in pieces. */
function bodyOf(request: IncomingMessage, share: UploadShare): Buffer | undefined {
  const announced = Number(request.headers["content-length"]);
  return announced > 0 && share.reserve(announced) ? Buffer.allocUnsafeSlow(announced) : undefined;
}

/**
 * Copies a chunk to its place in the body and gives its memory back at once. Left to the garbage collector, the chunks of
 * every tenth picture would make it go over the whole heap: a fifth of what an upload costs.
 */
function move(chunk: Buffer, body: Buffer, at: number): Buffer {
  const end = at + chunk.copy(body, at);
  // Small ones share theirs with others.
  if (chunk.length === chunk.buffer.byteLength) (chunk.buffer as ArrayBuffer).transfer(0);
  return body.subarray(at, end);
}

/** What a form's file consists of, which lies in one piece in the body. */
function fileOf(chunks: readonly Buffer[], body: Buffer | undefined): Buffer {
  const [first] = chunks;
  // What might have been a boundary, and wasn't, comes in memory of the parser's.
  if (!body || first?.buffer !== body.buffer) return Buffer.concat(chunks);
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return body.subarray(first.byteOffset, first.byteOffset + length);
}

/** Lets the client finish sending, within bounds: a connection closed in its face would swallow the answer. */
function drain(request: IncomingMessage): void {
  request.removeAllListeners("data");
  let drained = 0;
  request.on("data", (chunk: Buffer) => {
    drained += chunk.length;
    if (drained > DRAIN_LIMIT) request.destroy();
  });
  request.resume();
}
