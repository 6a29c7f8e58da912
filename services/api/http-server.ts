import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds that requests in hand get to finish when the server stops. */
const DRAIN_TIMEOUT = 15_000;
/** Milliseconds within which a client must have sent its request: headers, then all of it. */
const HEADERS_TIMEOUT = 15_000;
const REQUEST_TIMEOUT = 60_000;

/** The listening socket of a gateway. */
export class HttpServer {
  readonly #server: Server;

  constructor(listener: RequestListener) {
    this.#server = createServer(
      { headersTimeout: HEADERS_TIMEOUT, requestTimeout: REQUEST_TIMEOUT },
      listener,
    );
    this.#server.keepAliveTimeout = 10_000;
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

  /** Refuses new connections and finishes the requests in hand. */
  async drain(): Promise<void> {
    if (!this.#server.listening) return;
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
