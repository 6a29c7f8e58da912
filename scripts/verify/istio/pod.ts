import { once } from "node:events";
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/**
 * What a pod does with a request. `before`: the process never sees it; `after`: the process has done it, and its answer
 * is replaced or kept back. `refuse`: nothing listens.
 */
export type Behaviour =
  | { readonly kind: "good" | "refuse" }
  | { readonly kind: "fail"; readonly status: number; readonly when: "before" | "after" }
  | { readonly kind: "hold"; readonly when: "before" | "after" };

export const GOOD: Behaviour = { kind: "good" };

/** A pod as its sidecar sees it: a real process behind a proxy that fails, holds or refuses when it is told to. */
export class Pod {
  readonly name: string;
  /** Where its sidecar listens. */
  readonly port: number;
  /** Where the proxy listens: the sidecar's upstream. */
  readonly applicationPort: number;
  /** Requests that reached it. */
  hits = { reads: 0, writes: 0 };
  readonly #processUrl: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server: Server;
  #behaviour: Behaviour = GOOD;
  #held: (() => void)[] = [];

  private constructor(name: string, port: number, processUrl: string, server: Server) {
    this.name = name;
    this.port = port;
    this.#processUrl = processUrl;
    this.#server = server;
    this.applicationPort = (server.address() as AddressInfo).port;
    // A sidecar keeps connections longer than Node would.
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    server.on("request", (request, response) => {
      void this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** @param port where the sidecar of this pod is going to listen */
  static async start(name: string, port: number, processUrl: string): Promise<Pod> {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    return new Pod(name, port, processUrl, server);
  }

  get held(): number {
    return this.#held.length;
  }

  async behave(behaviour: Behaviour): Promise<void> {
    this.#behaviour = behaviour;
    if (behaviour.kind === "refuse") {
      if (!this.#server.listening) return;
      this.#server.close();
      this.#server.closeAllConnections();
    } else if (!this.#server.listening) {
      await once(this.#server.listen(this.applicationPort, "127.0.0.1"), "listening");
    }
  }

  /** Good again, and what it held goes on. */
  async recover(): Promise<void> {
    await this.behave(GOOD);
    const held = this.#held;
    this.#held = [];
    for (const proceed of held) proceed();
  }

  async stop(): Promise<void> {
    await this.recover();
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.hits[request.method === "GET" ? "reads" : "writes"]++;
    const behaviour = this.#behaviour;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (behaviour.kind === "fail") {
      if (behaviour.when === "after") await this.#ask(request, body);
      response.writeHead(behaviour.status).end("injected");
      return;
    }
    if (behaviour.kind === "hold" && behaviour.when === "before") await this.#hold(response);
    const answer = await this.#ask(request, body);
    if (behaviour.kind === "hold" && behaviour.when === "after") await this.#hold(response);
    if (!response.destroyed) response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  /** Until `recover`; a request whose client went away is held no longer. */
  async #hold(response: ServerResponse): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#held.push(resolve);
      response.once("close", () => {
        this.#held = this.#held.filter((proceed) => proceed !== resolve);
        resolve();
      });
    });
    if (response.destroyed) throw new Error("nobody waits any more");
  }

  async #ask({ method, url, headers }: IncomingMessage, body: Buffer) {
    const asked = httpRequest(`${this.#processUrl}${url}`, { method, headers, agent: this.#agent });
    asked.end(body);
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const kept = { ...answer.headers };
    // Said anew for the body as a whole.
    delete kept["transfer-encoding"];
    delete kept.connection;
    delete kept["keep-alive"];
    return { status: answer.statusCode ?? 502, headers: kept, body: Buffer.concat(chunks) };
  }
}
