import { Agent, request as begin, type ClientRequest, type IncomingMessage } from "node:http";

/** Milliseconds that a connection is kept without a request: less than servers wait, or drain, before they close it. */
const KEPT_IDLE_MS = 1_000;
/** Milliseconds after which connections are made anew, so that who has come back behind a balancer gets a share. */
const RENEWED_MS = 5_000;

export interface HttpRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A form brings its own content type. */
  readonly body?: string | FormData | undefined;
  /** Milliseconds until the whole answer is there. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** Sends requests over connections that it keeps, as a proxy does. */
export class HttpClient {
  /** Reads that went out again: the connection, kept from an earlier request, ended before any byte of an answer. */
  resent = 0;
  #agent = newAgent();
  #agentSince = performance.now();

  /** @throws Error with the system's code when there is no answer, or not in time */
  async send(url: string, { method, headers, body, timeoutMs }: HttpRequest): Promise<HttpAnswer> {
    const signal = AbortSignal.timeout(timeoutMs);
    const form = body instanceof FormData ? new Response(body) : undefined;
    const content = form ? Buffer.from(await form.arrayBuffer()) : Buffer.from((body as string) ?? "");
    const type = form?.headers.get("content-type");
    const attempt = () =>
      this.#attempt(url, content, {
        method,
        headers: { ...headers, ...(type ? { "content-type": type } : {}), "content-length": content.length },
        signal,
      });
    const outcome = await attempt();
    if (!("failure" in outcome)) return outcome;
    if (method !== "GET" || !outcome.isConnectionLost) throw outcome.failure;
    this.resent++;
    const second = await attempt();
    if ("failure" in second) throw second.failure;
    return second;
  }

  #attempt(url: string, content: Buffer, options: object): Promise<HttpAnswer | LostRequest> {
    return new Promise((resolve) => {
      let hasAnswer = false;
      const request: ClientRequest = begin(url, { ...options, agent: this.#currentAgent() }, (response) => {
        hasAnswer = true;
        textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), fail);
      });
      const fail = (failure: NodeJS.ErrnoException) => {
        const isReset = failure.code === "ECONNRESET" || failure.code === "EPIPE";
        resolve({ failure, isConnectionLost: isReset && request.reusedSocket && !hasAnswer });
      };
      request.on("error", fail);
      request.end(content);
    });
  }

  #currentAgent(): Agent {
    if (performance.now() - this.#agentSince > RENEWED_MS) {
      this.#agent = newAgent();
      this.#agentSince = performance.now();
    }
    return this.#agent;
  }
}

interface LostRequest {
  readonly failure: Error;
  readonly isConnectionLost: boolean;
}

function newAgent(): Agent {
  return new Agent({ keepAlive: true, timeout: KEPT_IDLE_MS });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
