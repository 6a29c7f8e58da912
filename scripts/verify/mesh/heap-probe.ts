import { once } from "node:events";

const MIB = 1_048_576;

interface Answer {
  readonly result?: { readonly value?: number };
}

/** Starts a node with an inspector of its own, on a free port. */
export const INSPECTED = { NODE_OPTIONS: "--inspect=127.0.0.1:0" };

/** Asks a node's inspector. It must be closed before the node ends, which else waits for it. */
export class HeapProbe {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, PromiseWithResolvers<Answer>>();
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id: number; result: Answer };
      this.#answers.get(id)?.resolve(result);
      this.#answers.delete(id);
    });
    socket.addEventListener("close", () => {
      for (const { reject } of this.#answers.values()) reject(new Error("the inspector is gone"));
    });
  }

  /**
   * @param output what a node with `INSPECTED` printed
   * @throws Error when it doesn't tell of an inspector
   */
  static async connectOrThrow(output: string): Promise<HeapProbe> {
    const [url] = /ws:\/\/\S+/.exec(output) ?? [];
    if (!url) throw new Error(`no inspector in:\n${output}`);
    const socket = new WebSocket(url);
    await once(socket, "open");
    return new HeapProbe(socket);
  }

  /** MiB that are in use after a full collection. */
  async heapAfterCollection(): Promise<number> {
    await this.#ask("HeapProfiler.collectGarbage");
    const { result } = await this.#ask("Runtime.evaluate", { expression: "process.memoryUsage().heapUsed" });
    return Number(result?.value) / MIB;
  }

  close(): void {
    this.#socket.close();
  }

  #ask(method: string, params: object = {}): Promise<Answer> {
    const id = ++this.#asked;
    const answer = Promise.withResolvers<Answer>();
    this.#answers.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer.promise;
  }
}
