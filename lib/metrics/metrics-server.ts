import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { breakersPage } from "./breakers-page.ts";
import { exposition, openMetrics } from "./metrics.ts";

/** A client must have sent its few lines within this (milliseconds). */
const REQUEST_TIMEOUT = 5_000;

/**
 * Starts counting and shows it at `/metrics`, and the breakers at `/breakers`; port 0 does neither. Answers the way to stop.
 * @throws the system's error when it can't listen there
 */
export async function serveMetrics(port: number, host: string): Promise<() => Promise<void>> {
  if (port === 0) return async () => undefined;
  await openMetrics();
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT, headersTimeout: REQUEST_TIMEOUT },
    (request, response) => {
      void answer(request, response);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
}

async function answer({ method, url = "" }: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = method === "GET" || method === "HEAD" ? url.split("?", 1)[0] : undefined;
  if (path === "/breakers") {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(breakersPage());
    return;
  }
  if (path !== "/metrics") {
    response.writeHead(404, { "Content-Type": "text/plain" }).end("Only /metrics and /breakers are here\n");
    return;
  }
  try {
    const { contentType, text } = await exposition();
    response.writeHead(200, { "Content-Type": contentType }).end(text);
  } catch (error) {
    response.writeHead(500, { "Content-Type": "text/plain" }).end(`${error}\n`);
  }
}
