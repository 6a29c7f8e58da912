import type { IncomingMessage } from "node:http";

/** A request as the double looks at it. */
export interface Request {
  readonly method: string;
  /** Decoded parts of the path. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  /** Bytes of the query as it was sent. */
  readonly queryLength: number;
  readonly key: string | undefined;
  readonly contentType: string;
  readonly body: string;
}

export async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = new URL(incoming.url ?? "/", "http://double");
  return {
    method: incoming.method ?? "",
    path: url.pathname.split("/").slice(1).map(decodeURIComponent),
    query: Object.fromEntries(url.searchParams),
    queryLength: url.search.length,
    key: [incoming.headers["x-typesense-api-key"]].flat()[0],
    contentType: incoming.headers["content-type"] ?? "",
    body: Buffer.concat(chunks).toString(),
  };
}
