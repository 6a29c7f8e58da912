import type { IncomingMessage, ServerResponse } from "node:http";
import { Busboy, type BusboyHeaders, type BusboyInstance } from "@fastify/busboy";
import { domainError, validationError } from "../../contracts/errors.ts";
import { FORM_OVERHEAD, isForm, UPLOAD_LIMIT } from "./http-pipeline.ts";
import type { UploadBudget } from "./upload-budget.ts";

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
    return await readForm(request, part, share.take);
  } catch (error) {
    share.close();
    drain(request);
    throw error;
  }
}

function readForm(request: IncomingMessage, part: string, take: (bytes: number) => boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const notAForm = () => reject(validationError({ field: part, rule: "multipart" }));
    let form: BusboyInstance;
    try {
      form = new Busboy({ headers: request.headers as BusboyHeaders, limits: LIMITS });
    } catch {
      // No boundary.
      return notAForm();
    }
    const chunks: Buffer[] = [];
    let files = 0;
    let total = 0;
    request.on("data", (chunk: Buffer) => {
      total += chunk.length;
      if (total > UPLOAD_LIMIT + FORM_OVERHEAD) reject(domainError("PAYLOAD_TOO_LARGE"));
    });
    form.on("file", (name, file) => {
      files++;
      if (files > 1) reject(validationError({ field: part, rule: "one-file" }));
      else if (name !== part) reject(validationError({ field: part, rule: "required" }));
      file.on("limit", () => reject(domainError("PAYLOAD_TOO_LARGE")));
      file.on("error", notAForm);
      file.on("data", (chunk: Buffer) => {
        if (take(chunk.length)) chunks.push(chunk);
        else reject(domainError("SERVICE_UNAVAILABLE", { retryAfter: 1 }));
      });
    });
    form.on("error", notAForm);
    form.on("finish", () => {
      if (files === 0) reject(domainError("EMPTY_IMAGE_FILE"));
      else resolve(Buffer.concat(chunks));
    });
    request.once("error", notAForm);
    request.once("aborted", notAForm);
    request.pipe(form);
  });
}

/** Lets the client finish sending, within bounds: a connection closed in its face would swallow the answer. */
function drain(request: IncomingMessage): void {
  request.unpipe();
  request.removeAllListeners("data");
  let drained = 0;
  request.on("data", (chunk: Buffer) => {
    drained += chunk.length;
    if (drained > DRAIN_LIMIT) request.destroy();
  });
  request.resume();
}
