import { gatewayPlace, Mesh } from "../events/mesh.ts";
import type { NodeProcess } from "../events/node-process.ts";
import { freePort } from "../events/real-servers.ts";
import type { ScenarioOptions } from "../events/scenario.ts";
import { until } from "../events/until.ts";
import { type Verdict, verdictOf, withFigures } from "../events/verdict.ts";
import { WriteLoad } from "../events/write-load.ts";
import { countOf } from "./node-metrics.ts";

type Options = Pick<ScenarioOptions, "servers" | "seed" | "say">;

const GATEWAY = "api,auth,member,timeline";
const KINDS = ["content", "activity"] as const;
type Kind = (typeof KINDS)[number];
/** How a process of each kind counts its work in the event log. */
const COUNTS: Readonly<Record<Kind, string>> = {
  content: "dailyfeed_events_published_total",
  activity: "dailyfeed_events_consumed_total",
};
const WRITERS = 8;
const PAUSE = 10;
const WRITES_BETWEEN = 500;
const ROUNDS = 2;
/** The least part of its kind's work, while both run, that is a fair part of two. */
const FAIR_PART = 0.2;

/** A process of one kind at one of the two places, which keeps its port over restarts. */
interface Place {
  readonly kind: Kind;
  readonly port: number;
  node: NodeProcess;
}

/** Two content and two activity processes share a load, while one of each stops and starts again, in turn. */
export async function rebalance({ servers, seed, say }: Options): Promise<Verdict> {
  const mesh = await Mesh.create(servers, "rebalance");
  const kafka = { KAFKA_REPLICATION_FACTOR: "2" };
  const start = (kind: Kind, port: number) => mesh.start(kind, { ...kafka, METRICS_PORT: String(port) });
  try {
    const { url, variables } = await gatewayPlace();
    await mesh.start(GATEWAY, { ...variables, ...kafka });
    const places: Place[] = [];
    for (const kind of [...KINDS, ...KINDS]) {
      const port = await freePort();
      places.push({ kind, port, node: await start(kind, port) });
    }
    const load = new WriteLoad({ urls: [url], seed, writers: WRITERS, pause: PAUSE });
    await load.joinOrThrow();
    const shares = new Shares(places);
    let restarts = 0;
    await load.during(async () => {
      await load.passes(WRITES_BETWEEN);
      for (let round = 0; round < ROUNDS; round++) {
        for (const place of places) {
          await place.node.stopOrThrow();
          await load.passes(WRITES_BETWEEN / 5);
          place.node = await start(place.kind, place.port);
          restarts++;
        }
        await shares.areFair();
        say(`${restarts} restarts, ${load.begun} writes`);
        await load.passes(WRITES_BETWEEN);
      }
      await shares.measure(() => load.passes(2 * WRITES_BETWEEN));
    });
    const settling = await mesh.evidence.settledOrThrow();
    await mesh.stopOrThrow();
    return withFigures(
      await verdictOf(mesh.evidence, load.ledger, { allLogged: true }),
      { restarts, ...shares.figures, "caught up within, ms": Math.round(settling) },
      shares.differences,
    );
  } finally {
    await mesh.remove();
  }
}

/** How the processes of each kind share their work. */
class Shares {
  readonly figures: Record<string, string> = {};
  readonly differences: string[] = [];
  readonly #places: readonly Place[];

  constructor(places: readonly Place[]) {
    this.#places = places;
  }

  /** Waits until everybody has something to do again. */
  async areFair(): Promise<void> {
    const before = await this.#counts();
    await until("both of each kind work", async () =>
      (await this.#counts()).every((count, index) => count > (before[index] ?? 0)),
    );
  }

  async measure(work: () => Promise<void>): Promise<void> {
    const before = await this.#counts();
    await work();
    const done = (await this.#counts()).map((count, index) => count - (before[index] ?? 0));
    for (const kind of KINDS) {
      const own = done.filter((_, index) => this.#places[index]?.kind === kind);
      const total = own.reduce((sum, count) => sum + count, 0);
      this.figures[`events of the two ${kind} processes`] = own.join(" and ");
      if (Math.min(...own) < FAIR_PART * total) {
        this.differences.push(`the ${kind} processes share their work unfairly: ${own.join(" and ")}`);
      }
    }
  }

  #counts(): Promise<readonly number[]> {
    return Promise.all(this.#places.map(({ kind, port }) => countOf(port, COUNTS[kind])));
  }
}
