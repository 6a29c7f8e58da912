import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Milliseconds between two looks at a target's readiness. */
const PROBE_MS = 200;
const PROBE_TIMEOUT_MS = 2_000;
/** A target that doesn't answer in time is left out after so many probes; one that refuses, at once. */
const PATIENT_PROBES = 3;

interface Target {
  readonly url: string;
  isReady: boolean;
  /** Probes in a row. */
  unanswered: number;
}

/** A TCP balancer: new connections go in turn to the targets that say they are ready. It knows nothing of HTTP. */
export class Balancer {
  readonly #targets: readonly Target[];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;

  private constructor(urls: readonly string[]) {
    this.#targets = urls.map((url) => ({ url, isReady: true, unanswered: 0 }));
    this.#server = createServer((socket) => this.#forward(socket));
  }

  static async start(urls: readonly string[]): Promise<Balancer> {
    const balancer = new Balancer(urls);
    await new Promise<void>((resolve) => balancer.#server.listen(0, "127.0.0.1", resolve));
    balancer.#timer = setInterval(() => balancer.#probe(), PROBE_MS);
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #forward(client: Socket): void {
    const ready = this.#targets.filter(({ isReady }) => isReady);
    const target = ready[this.#turn++ % ready.length];
    if (!target) return void client.destroy();
    const server = connect(Number(new URL(target.url).port), "127.0.0.1");
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }

  #probe(): void {
    for (const target of this.#targets) {
      fetch(`${target.url}/healthcheck/ready`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).then(
        async (response) => {
          await response.text();
          target.isReady = response.ok;
          target.unanswered = 0;
        },
        ({ name }: Error) => {
          if (name === "TimeoutError" && ++target.unanswered < PATIENT_PROBES) return;
          target.isReady = false;
        },
      );
    }
  }
}
