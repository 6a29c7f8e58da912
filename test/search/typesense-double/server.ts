import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { HttpFailure } from "./http-failure.ts";
import type { PublishedRules } from "./published-rules.ts";
import { ownRules } from "./request-rules.ts";
import { type Request, readRequest } from "./requests.ts";
import { type Answer, answerOrThrow } from "./routes.ts";
import { Store } from "./store.ts";

/** What happens to a request in place of its answer, or before it. */
export type Fault = { readonly status: number; readonly message?: string } | "hang" | "reset";

export const API_KEY = "typesense-double-key";

/** A Typesense server, as far as its page and the driver go. It checks every request. */
export class TypesenseDouble {
  readonly store = new Store();
  readonly requests: Request[] = [];
  /** What was wrong with requests, or with the double's own answers: tests expect nothing. */
  readonly violations: string[] = [];
  /** Asked before each answer. */
  faultOf: (request: Request) => Promise<Fault | undefined> | Fault | undefined = () => undefined;
  readonly #published: PublishedRules | undefined;
  #server: Server | undefined;
  #port = 0;

  constructor(published?: PublishedRules) {
    this.#published = published;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens, always on the same port. */
  async start(): Promise<void> {
    const server = createServer(async (incoming, outgoing) => {
      const request = await readRequest(incoming);
      this.requests.push(request);
      const fault = await this.faultOf(request);
      if (fault === "reset") incoming.socket.destroy();
      else if (fault === "hang") outgoing.on("close", () => undefined);
      else
        this.#send(
          request,
          outgoing,
          fault ? failure(fault.status, fault.message ?? "fault") : this.#answer(request),
        );
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await new Promise((resolve) =>
      server ? server.close(resolve).closeAllConnections() : resolve(undefined),
    );
  }

  #answer(request: Request): Answer {
    if (request.key !== API_KEY && request.path[0] !== "health") {
      return failure(401, "Forbidden - a valid `x-typesense-api-key` header must be sent.");
    }
    const fault = ownRules(request) ?? this.#published?.requests(request);
    if (fault) {
      this.violations.push(fault);
      return failure(400, fault);
    }
    try {
      return answerOrThrow(this.store, request);
    } catch (error) {
      if (error instanceof HttpFailure) return failure(error.status, error.message);
      throw error;
    }
  }

  #send(request: Request, outgoing: ServerResponse, { status, body, isText }: Answer): void {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const type = isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
    const fault = isText ? undefined : this.#published?.answerFault(request, status, text);
    if (fault) this.violations.push(fault);
    outgoing.writeHead(status, { "content-type": type }).end(text);
  }
}

function failure(status: number, message: string): Answer {
  return { status, body: { message } };
}
