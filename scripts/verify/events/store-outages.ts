import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import { childEnvironment } from "../../../config/child-environment.ts";
import { CONSUMING, gatewayPlace, Mesh, PUBLISHING } from "./mesh.ts";
import type { ScenarioOptions } from "./scenario.ts";
import { type Verdict, verdictOf, withFigures } from "./verdict.ts";
import { WriteLoad } from "./write-load.ts";

const run = promisify(execFile);
const EVENTS_SCRIPT = fileURLToPath(new URL("../../events.ts", import.meta.url));
const WRITERS = 6;
const PAUSE = 10;
const FLUSHES = 10;
const WRITES_BETWEEN = 150;

/**
 * Under a load, Redis is emptied again and again, then stopped while everything sent so far is sent once more and
 * a consumer is killed; then MongoDB is stopped.
 */
export async function storeOutages({ servers, seed, say }: ScenarioOptions): Promise<Verdict> {
  const mesh = await Mesh.create(servers, "stores");
  const startedAt = new Date();
  // Nothing is called from one process to another here, and the mesh's transporter is the Redis that stops.
  const alone = { TRANSPORTER: "" };
  try {
    const { url, variables } = await gatewayPlace();
    await mesh.start(PUBLISHING, { ...variables, ...alone });
    let consumer = await mesh.start(CONSUMING, alone);
    const load = new WriteLoad({ urls: [url], seed, writers: WRITERS, pause: PAUSE });
    await load.joinOrThrow();
    let republished = 0;
    let withoutMongo = 0;
    await load.during(async () => {
      const redis = new Redis(servers.redisUrl);
      for (let n = 0; n < FLUSHES; n++) {
        await load.passes(WRITES_BETWEEN);
        await redis.flushall();
      }
      redis.disconnect();
      say(`Redis was emptied ${FLUSHES} times; ${load.begun} writes; now it stops`);

      await servers.control("stop", "redis");
      await load.passes(WRITES_BETWEEN);
      republished = await republish(mesh, startedAt, new Date());
      await consumer.kill();
      consumer = await mesh.start(CONSUMING, alone);
      await load.passes(4 * WRITES_BETWEEN);
      await servers.control("start", "redis");
      say(`without Redis, ${republished} events were sent again; ${load.begun} writes; now MongoDB stops`);

      await servers.control("stop", "mongo");
      const before = load.begun;
      await load.passes(6 * WRITES_BETWEEN);
      withoutMongo = load.begun - before;
      await servers.control("start", "mongo");
      say(`MongoDB is back; ${load.begun} writes`);
      await load.passes(WRITES_BETWEEN);
    });
    const settling = await mesh.evidence.settledOrThrow();
    await mesh.stopOrThrow();
    const { slowest, unknownReasons } = load.ledger;
    return withFigures(
      await verdictOf(mesh.evidence, load.ledger, { allLogged: true }),
      {
        "times Redis was emptied": FLUSHES,
        "events sent again without Redis": republished,
        "writes without MongoDB": withoutMongo,
        "slowest write, ms": Math.round(slowest),
        "caught up within, ms": Math.round(settling),
      },
      unknownReasons.map((reason) => `failed: ${reason}`),
    );
  } finally {
    await mesh.remove();
  }
}

/** What an administrator does by hand after a broker's loss; answers the number of events. */
async function republish({ environment }: Mesh, from: Date, to: Date): Promise<number> {
  const args = ["republish", "--from", from.toISOString(), "--to", to.toISOString()];
  const env = childEnvironment({ ...environment, TRANSPORTER: "" });
  const { stdout } = await run(process.execPath, [EVENTS_SCRIPT, ...args], { env });
  // The log goes to the same stream.
  const count = /^\{"republished":(\d+)\}$/m.exec(stdout)?.[1];
  if (count === undefined) throw new Error(`republishing answered ${stdout}`);
  return Number(count);
}
