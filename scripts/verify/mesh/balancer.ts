import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Milliseconds between two looks at a target's readiness. */
const PROBE_MS = 500;
const PROBE_TIMEOUT_MS = 2_000;
/** So many probes in a row must fail; a target that refuses connections is left out at once. */
const FAILING_PROBES = 2;

interface Target {
  readonly url: string;
  isReady: boolean;
  /** Probes in a row that failed. */
  failed: number;
  isProbed: boolean;
}

/** A TCP balancer: new connections go in turn to the targets that say they are ready. It knows nothing of HTTP. */
export class Balancer {
  readonly #targets: readonly Target[];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;

  private constructor(urls: readonly string[]) {
    this.#targets = urls.map((url) => ({ url, isReady: true, failed: 0, isProbed: false }));
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
      if (target.isProbed) continue;
      target.isProbed = true;
      void readinessOf(target.url).then((readiness) => {
        target.isProbed = false;
        target.failed = readiness === "ready" ? 0 : target.failed + 1;
        target.isReady = readiness !== "refused" && target.failed < FAILING_PROBES;
      });
    }
  }
}

async function readinessOf(url: string): Promise<"ready" | "not-ready" | "refused"> {
  try {
    const response = await fetch(`${url}/healthcheck/ready`, {
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.ok ? "ready" : "not-ready";
  } catch (error) {
    return (error as Error).name === "TimeoutError" ? "not-ready" : "refused";
  }
}
