import { CONSUMING, gatewayPlace, Mesh, PUBLISHING } from "./mesh.ts";
import type { ScenarioOptions } from "./scenario.ts";
import { type Verdict, verdictOf, withFigures } from "./verdict.ts";
import { WriteLoad } from "./write-load.ts";

/** Longest that a write may take because the broker is away (milliseconds). */
const MAX_LATENCY = 1_000;
/** The part of the writes that comes before, and tells how long the slowest takes anyway on this machine. */
const SHARE_BEFORE = 0.25;
/** Where that is long, since the machine has other work, only what takes so many times as long is the broker's fault. */
const CHANCE = 2;
const WRITERS = 8;

/** The broker stops in the middle of a load and comes back after it: no write notices, and every event arrives. */
export async function brokerOutage(options: ScenarioOptions): Promise<Verdict> {
  const { servers, seed, writes, say } = options;
  const mesh = await Mesh.create(servers, "broker");
  try {
    const { url, variables } = await gatewayPlace();
    await mesh.start(PUBLISHING, variables);
    await mesh.start(CONSUMING);
    const load = new WriteLoad({ urls: [url], seed, writers: WRITERS, pause: 0 });
    await load.joinOrThrow();

    await load.write(Math.ceil(writes * SHARE_BEFORE));
    const slowestBefore = load.ledger.slowest;
    const started = performance.now();
    const begunBefore = load.begun;
    const writing = load.write(writes);
    await load.passes(Math.floor(writes / 10));
    say(`${load.begun - begunBefore} of ${writes} writes: the broker stops`);
    await servers.control("stop", "kafka");
    const goneAt = load.begun;
    await writing;
    const seconds = (performance.now() - started) / 1_000;
    const waiting = await mesh.evidence.waiting();
    say(`all writes are done; ${waiting} events wait; the broker comes back`);
    await servers.control("start", "kafka");
    const settling = await mesh.evidence.settledOrThrow();
    await mesh.stopOrThrow();

    const verdict = await verdictOf(mesh.evidence, load.ledger, { allLogged: true });
    const { slowest, doubtful, unknownReasons } = load.ledger;
    const tooSlow =
      slowest > Math.max(MAX_LATENCY, CHANCE * slowestBefore)
        ? [`a write took ${slowest.toFixed(0)} ms`]
        : [];
    const unanswered = doubtful.length > 0 ? unknownReasons.map((reason) => `failed: ${reason}`) : [];
    return withFigures(
      verdict,
      {
        "writes a second": Math.round(writes / seconds),
        "writes begun while the broker was away": load.begun - goneAt,
        "events that waited for it": waiting,
        "slowest write before, ms": Math.round(slowestBefore),
        "slowest write, ms": Math.round(slowest),
        "99 % of writes within, ms": Math.round(load.ledger.quantile(0.99)),
        "caught up within, ms": Math.round(settling),
      },
      [...tooSlow, ...unanswered],
    );
  } finally {
    await mesh.remove();
  }
}
