import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";

interface WebFile {
  readonly type: string;
  readonly cacheControl: string;
  readonly etag: string;
  /** By content coding; `identity` is always there. */
  readonly bodies: Readonly<Partial<Record<Coding, Buffer>>>;
}

type Coding = "br" | "gzip" | "identity";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

/** Their names carry a hash of what is in them. */
const HASHED = "/assets/";
const PAGE = "/index.html";
/** Paths of the gateway's own, where a wrong one is told as JSON and not by the client's page. */
const NOT_FOR_PEOPLE = /^\/(api|api-docs|docs|healthcheck|assets)(\/|\.|$)/i;

/** The web client as `npm run build:web` leaves it, kept in memory: less than a megabyte. */
export class WebClient {
  readonly #files: ReadonlyMap<string, WebFile>;

  /** A folder that isn't there is a client that isn't built: nothing is answered. */
  constructor(folder: string) {
    this.#files = filesOf(folder);
  }

  /** Answers files of the client, and its page wherever a person looks; false where it isn't the client's business. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== "GET") return false;
    const file = this.#fileFor(request);
    if (file === undefined) return false;
    response.setHeader("Content-Type", file.type);
    response.setHeader("Cache-Control", file.cacheControl);
    response.setHeader("ETag", file.etag);
    response.setHeader("Vary", "Accept-Encoding");
    if (request.headers["if-none-match"] === file.etag) {
      response.writeHead(304).end();
      return true;
    }
    const coding = codingFor(file, String(request.headers["accept-encoding"] ?? ""));
    const body = file.bodies[coding];
    if (coding !== "identity") response.setHeader("Content-Encoding", coding);
    response.writeHead(200, { "Content-Length": body?.length ?? 0 }).end(body);
    return true;
  }

  #fileFor({ url = "/", headers }: IncomingMessage): WebFile | undefined {
    const path = url.split("?", 1)[0] ?? "/";
    if (path === "/") return this.#files.get(PAGE);
    const file = this.#files.get(path);
    if (file) return file;
    const isVisit = headers.accept?.includes("text/html") && !NOT_FOR_PEOPLE.test(path);
    return isVisit ? this.#files.get(PAGE) : undefined;
  }
}

function filesOf(folder: string): Map<string, WebFile> {
  const names = namesIn(folder);
  return new Map(
    names
      .filter((name) => TYPES[extname(name)])
      .map((name) => {
        const read = (suffix: string) =>
          names.includes(name + suffix) ? readFileSync(join(folder, name + suffix)) : undefined;
        const identity = readFileSync(join(folder, name));
        const path = `/${name.replaceAll(sep, "/")}`;
        return [
          path,
          {
            type: TYPES[extname(name)] ?? "",
            cacheControl: path.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "no-cache",
            etag: `"${createHash("sha256").update(identity).digest("base64url").slice(0, 22)}"`,
            bodies: { identity, br: read(".br"), gzip: read(".gz") },
          },
        ];
      }),
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}

function codingFor({ bodies }: WebFile, accepted: string): Coding {
  const takes = (coding: string) => new RegExp(`\\b${coding}\\b(?!\\s*;\\s*q=0(?:[,\\s]|$))`).test(accepted);
  return (["br", "gzip"] as const).find((coding) => bodies[coding] && takes(coding)) ?? "identity";
}
