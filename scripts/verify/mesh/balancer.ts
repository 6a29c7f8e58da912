import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Milliseconds between two looks at a target's readiness: twice while one that ends goes on serving. */
const PROBE_MS = 1_500;
const PROBE_TIMEOUT_MS = 2_000;
/** So many probes in a row must stay without an answer; a target that says it isn't ready is left out at once. */
const FAILING_PROBES = 2;

interface Target {
  readonly url: string;
  readonly port: number;
  isReady: boolean;
  /** Probes in a row that got no answer. */
  unanswered: number;
  isProbed: boolean;
}

/**
 * A TCP balancer: new connections go in turn to the targets that say they are ready, to any where none does, and to the
 * next where one can't be reached. It knows nothing of HTTP.
 */
export class Balancer {
  readonly #targets: readonly Target[];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;

  private constructor(urls: readonly string[]) {
    this.#targets = urls.map((url) => {
      return { url, port: Number(new URL(url).port), isReady: true, unanswered: 0, isProbed: false };
    });
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
    this.#watch(client);
    const ready = this.#targets.filter(({ isReady }) => isReady);
    const eligible = ready.length > 0 ? ready : this.#targets;
    const first = this.#turn++ % eligible.length;
    this.#connect(client, [...eligible.slice(first), ...eligible.slice(0, first)]);
  }

  /** Nothing has been read from the client yet, so that any target can have it all. */
  #connect(client: Socket, [target, ...others]: readonly Target[]): void {
    if (!target) return void client.destroy();
    const server = connect(target.port, "127.0.0.1");
    this.#watch(server);
    const giveUp = () => server.destroy();
    client.once("close", giveUp);
    const tryNext = () => {
      client.off("close", giveUp);
      this.#connect(client, others);
    };
    server.once("error", tryNext);
    server.once("connect", () => {
      server.off("error", tryNext);
      // Not at once where it ended well: that would throw away what is still on its way to the client.
      server.once("close", (hasFailed) => (hasFailed ? client.destroy() : client.destroySoon()));
      client.pipe(server).pipe(client);
    });
  }

  #watch(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // What follows is its end.
    socket.on("error", () => undefined);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  #probe(): void {
    for (const target of this.#targets) {
      if (target.isProbed) continue;
      target.isProbed = true;
      void readinessOf(target.url).then((readiness) => {
        target.isProbed = false;
        target.unanswered = readiness === "late" ? target.unanswered + 1 : 0;
        target.isReady =
          readiness === "ready" ||
          (readiness === "late" && target.isReady && target.unanswered < FAILING_PROBES);
      });
    }
  }
}

async function readinessOf(url: string): Promise<"ready" | "late" | "not-ready"> {
  try {
    const response = await fetch(`${url}/healthcheck/ready`, {
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.ok ? "ready" : "not-ready";
  } catch (error) {
    return (error as Error).name === "TimeoutError" ? "late" : "not-ready";
  }
}
