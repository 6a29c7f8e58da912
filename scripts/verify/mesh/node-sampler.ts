import { HeapProbe } from "./heap-probe.ts";

const MIB = 1_048_576;
const TIMEOUT_MS = 9_000;

/** What a node uses at one moment. */
export interface NodeUse {
  readonly rssMib: number;
  readonly heapMib: number;
  /** After a full collection; undefined where none was asked for. */
  readonly collectedMib: number | undefined;
  readonly handles: number;
  readonly connectionsInUse: number;
  readonly connectionsIdle: number;
  readonly statementsWaiting: number;
}

/** Reads what a node uses off its metrics, and its heap after a collection off its inspector. */
export class NodeSampler {
  readonly #metricsUrl: string;
  readonly #probe: HeapProbe;

  private constructor(metricsUrl: string, probe: HeapProbe) {
    this.#metricsUrl = metricsUrl;
    this.#probe = probe;
  }

  /** @param output what the node printed, with its inspector's address */
  static async connectOrThrow(metricsPort: number, output: string): Promise<NodeSampler> {
    return new NodeSampler(`http://127.0.0.1:${metricsPort}/metrics`, await HeapProbe.connectOrThrow(output));
  }

  /** The collection comes after what is read off the metrics. */
  async sample(collection: "with-collection" | "without-collection"): Promise<NodeUse> {
    const text = await (await fetch(this.#metricsUrl, { signal: AbortSignal.timeout(TIMEOUT_MS) })).text();
    const metric = (name: string): number => {
      const line = text.split("\n").find((candidate) => candidate.startsWith(`${name} `));
      return Number(line?.slice(name.length + 1) ?? 0);
    };
    const connections = (state: string) => metric(`dailyfeed_sql_pool_connections{state="${state}"}`);
    return {
      rssMib: metric("process_resident_memory_bytes") / MIB,
      heapMib: metric("nodejs_heap_size_used_bytes") / MIB,
      collectedMib: collection === "with-collection" ? await this.#probe.heapAfterCollection() : undefined,
      handles: metric("process_open_fds"),
      connectionsInUse: connections("in_use"),
      connectionsIdle: connections("idle"),
      statementsWaiting: metric("dailyfeed_sql_pool_waiting"),
    };
  }

  close(): void {
    this.#probe.close();
  }
}
