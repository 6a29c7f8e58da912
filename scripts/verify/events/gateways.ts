import { setTimeout as sleep } from "node:timers/promises";

export interface WriteRequest {
  readonly method: "POST" | "PUT" | "DELETE";
  /** Below `/api`. */
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string;
}

export type Outcome =
  | {
      readonly kind: "acknowledged";
      readonly data: { readonly id?: number; readonly memberId?: number };
      readonly headers: Headers;
      readonly milliseconds: number;
    }
  /** The answer got lost, or says that something broke: it may be done or not. */
  | { readonly kind: "unknown"; readonly reason: string }
  | { readonly kind: "refused"; readonly reason: string };

const REQUEST_TIMEOUT_MS = 30_000;
const PATIENCE_MS = 60_000;
const RETRY_PAUSE_MS = 20;

/** The gateways of a mesh. A request goes to another one only where it surely did not arrive. */
export class Gateways {
  readonly #urls: readonly string[];
  #turn = 0;

  constructor(urls: readonly string[]) {
    this.#urls = urls;
  }

  /** @throws Error when no gateway takes a connection for a minute */
  async send(request: WriteRequest): Promise<Outcome> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const outcome = await this.#attempt(
        `${this.#urls[this.#turn++ % this.#urls.length]}/api${request.path}`,
        request,
      );
      if (outcome) return outcome;
      if (performance.now() > deadline) throw new Error(`nothing listens at ${this.#urls.join(", ")}`);
      await sleep(RETRY_PAUSE_MS);
    }
  }

  /** Undefined when the connection was refused. */
  async #attempt(url: string, { method, path, body, token }: WriteRequest): Promise<Outcome | undefined> {
    const started = performance.now();
    try {
      const response = await fetch(url, {
        method,
        headers: {
          "content-type": "application/json",
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const text = await response.text();
      const milliseconds = performance.now() - started;
      if (response.ok) {
        const data = text === "" ? {} : (JSON.parse(text) as { data: { id?: number } }).data;
        return { kind: "acknowledged", data, headers: response.headers, milliseconds };
      }
      const reason = `${method} ${path} answered ${response.status} ${text.slice(0, 300)}`;
      return { kind: response.status >= 500 ? "unknown" : "refused", reason };
    } catch (error) {
      const { cause } = error as Error & { cause?: { code?: string } };
      if (cause?.code === "ECONNREFUSED") return undefined;
      return { kind: "unknown", reason: `${method} ${path}: ${cause?.code ?? error}` };
    }
  }
}
