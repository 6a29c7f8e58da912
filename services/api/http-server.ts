import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds that requests in hand get to finish when the server stops. */
const DRAIN_TIMEOUT = 15_000;
/** Milliseconds within which a client must have sent its request: headers, then all of it. */
const HEADERS_TIMEOUT = 15_000;
const REQUEST_TIMEOUT = 60_000;

/** Makes the whole answer, as text, to what isn't even a request that Node could parse. */
export type AnswerUnparsable = (error: NodeJS.ErrnoException) => string;

/** The listening socket of a gateway. */
export class HttpServer {
  readonly #server: Server;
  readonly #answering = new Set<ServerResponse>();
  #isDraining = false;

  constructor(listener: RequestListener, answerUnparsable: AnswerUnparsable) {
    const listen: RequestListener = (request, response) => {
      this.#answering.add(response);
      response.once("close", () => this.#answering.delete(response));
      if (this.#isDraining) response.setHeader("Connection", "close");
      listener(request, response);
    };
    this.#server = createServer(
      { headersTimeout: HEADERS_TIMEOUT, requestTimeout: REQUEST_TIMEOUT, requireHostHeader: false },
      listen,
    );
    this.#server.keepAliveTimeout = 10_000;
    this.#server.on("checkExpectation", listen);
    this.#server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
      const isAnswered = [...this.#answering].some((response) => response.socket === socket);
      if (socket.writable && !isAnswered) socket.end(answerUnparsable(error));
      else socket.destroy();
    });
  }

  /** Resolves when it listens; rejects with the system's error when it can't. */
  async listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
  }

  /** Where it listens, such as `http://127.0.0.1:3000`. */
  get url(): string {
    const { address, port, family } = this.#server.address() as AddressInfo;
    const host = family === "IPv6" ? `[${address}]` : address;
    return `http://${host}:${port}`;
  }

  /**
   * Goes on serving for `delayMs`, telling each client to close its connection, so that none is cut between two
   * requests; then refuses new connections and finishes the requests in hand.
   */
  async drain(delayMs: number): Promise<void> {
    if (!this.#server.listening || this.#isDraining) return;
    this.#isDraining = true;
    for (const response of this.#answering) {
      if (!response.headersSent) response.setHeader("Connection", "close");
    }
    await delay(delayMs);
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    // Kept-alive connections without a request would hold the server open for as long as clients like.
    const closeIdle = setInterval(() => this.#server.closeIdleConnections(), 50);
    await Promise.race([closed, delay(DRAIN_TIMEOUT, undefined, { ref: false })]);
    clearInterval(closeIdle);
    this.#server.closeAllConnections();
  }
}
