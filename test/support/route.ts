import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server that can be cut, or let nothing through. */
export class Route {
  readonly #sockets = new Set<Socket>();
  readonly #target: URL | undefined;
  #server: Server | undefined;
  #port = 0;
  isHung = false;
  /** What is said goes to the server, and its answers nowhere. */
  isMute = false;

  constructor(target?: URL) {
    this.#target = target;
  }

  get port(): number {
    return this.#port;
  }

  async open(): Promise<void> {
    const server = createServer((incoming) => {
      this.#keep(incoming);
      if (!this.#target) return;
      const outgoing = connect(Number(this.#target.port), this.#target.hostname);
      this.#keep(outgoing);
      incoming.on("data", (data) => this.isHung || outgoing.write(data));
      outgoing.on("data", (data) => this.isHung || this.isMute || incoming.write(data));
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await closed;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
  }
}
