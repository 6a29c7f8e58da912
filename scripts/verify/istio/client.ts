import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";

export interface Sent {
  readonly status: number;
  readonly milliseconds: number;
  readonly text: string;
}

export interface SendOptions {
  readonly method?: "GET" | "POST";
  readonly token?: string;
  readonly body?: object;
}

/** Sends requests to a gateway, as many at a time as are asked for, under the public host's name. */
export class Client {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

  constructor(port: number) {
    this.#port = port;
  }

  /** @throws Error when the connection is lost */
  async send(path: string, { method = "GET", token, body }: SendOptions = {}): Promise<Sent> {
    const began = performance.now();
    const text = body === undefined ? undefined : JSON.stringify(body);
    const asked = request({
      host: "127.0.0.1",
      port: this.#port,
      path: `/api${path}`,
      method,
      agent: this.#agent,
      headers: {
        host: "dailyfeed.local",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(text === undefined
          ? {}
          : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) }),
      },
    });
    asked.end(text);
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return {
      status: answer.statusCode ?? 0,
      milliseconds: performance.now() - began,
      text: Buffer.concat(chunks).toString(),
    };
  }

  /** One after the other. */
  async repeat(count: number, path: string, options: SendOptions = {}): Promise<readonly Sent[]> {
    const sent: Sent[] = [];
    for (let index = 0; index < count; index++) sent.push(await this.send(path, options));
    return sent;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** `200 × 17, 503 × 3`. */
export function shownStatuses(sent: readonly Sent[]): string {
  const counts = new Map<number, number>();
  for (const { status } of sent) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .toSorted(([one], [other]) => one - other)
    .map(([status, count]) => `${status} × ${count}`)
    .join(", ");
}

export function countOf(sent: readonly Sent[], status: number): number {
  return sent.filter((answer) => answer.status === status).length;
}
