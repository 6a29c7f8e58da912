import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Ends the connection instead of answering. */
  readonly reset?: boolean;
}

/** An HTTP server for the client's tests that answers as it is told and remembers what was asked. */
export class FakeApi {
  readonly requests: FakeRequest[] = [];
  #server: Server | undefined;

  /** Starts on a free port of the loopback and gives the address. */
  async start(answer: (request: FakeRequest, nth: number) => FakeAnswer): Promise<string> {
    const server = createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const request = {
        method: incoming.method ?? "",
        path: incoming.url ?? "",
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
      };
      const {
        status = 200,
        headers = {},
        body = {},
        reset,
      } = answer(request, this.requests.push(request) - 1);
      if (reset) incoming.socket.destroy();
      else outgoing.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}

export function success(data: unknown, headers: Readonly<Record<string, string>> = {}): FakeAnswer {
  return { body: { status: 200, result: "SUCCESS", data }, headers };
}

export function failure(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): FakeAnswer {
  return {
    status,
    headers,
    body: { statusCode: status, resultCode: "FAIL", code, message: `says ${code}`, errors: [] },
  };
}
