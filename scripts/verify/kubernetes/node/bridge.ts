import { connect, createServer, type Server, type Socket } from "node:net";
import { HOST_ADDRESS } from "./real-node.ts";

/** Lets pods reach stores that listen on the loopback alone: the same ports, on the pods' network. */
export class Bridge {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  /** The address of a store as a pod has to call it. */
  async toStore(address: string): Promise<string> {
    const url = new URL(address);
    const [host, port] = [url.hostname, Number(url.port)];
    const server = createServer({ noDelay: true }, (pod) => {
      const store = connect({ host, port, noDelay: true });
      for (const [one, other] of [
        [pod, store],
        [store, pod],
      ] as const) {
        this.#sockets.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => this.#sockets.delete(one));
        one.pipe(other);
      }
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(port, HOST_ADDRESS, resolve);
    });
    this.#servers.push(server);
    url.hostname = HOST_ADDRESS;
    return url.href;
  }

  stop(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
