import { CONSUMING, gatewayPlace, Mesh, PUBLISHING } from "./mesh.ts";
import type { NodeProcess } from "./node-process.ts";
import type { ScenarioOptions } from "./scenario.ts";
import { type Verdict, verdictOf, withFigures } from "./verdict.ts";
import { WriteLoad } from "./write-load.ts";

const PUBLISH_TYPES = ["call", "kafka", "call", "kafka"];
const WRITERS = 6;
const PAUSE = 10;
/** Writes between two restarts. */
const WRITES_BETWEEN = 400;

/** Two nodes are restarted in turn with the other `PUBLISH_TYPE`, there and back again twice, under a load. */
export async function publishTypeSwitch({ servers, seed, say }: ScenarioOptions): Promise<Verdict> {
  const mesh = await Mesh.create(servers, "switch");
  try {
    const places = [await gatewayPlace(), await gatewayPlace()];
    await mesh.start(CONSUMING);
    const nodes: NodeProcess[] = [];
    for (const { variables } of places) nodes.push(await mesh.start(PUBLISHING, variables));
    const load = new WriteLoad({ urls: places.map(({ url }) => url), seed, writers: WRITERS, pause: PAUSE });
    await load.joinOrThrow();
    let restarts = 0;
    await load.during(async () => {
      await load.passes(WRITES_BETWEEN);
      for (const type of PUBLISH_TYPES) {
        for (const [index, { variables }] of places.entries()) {
          await nodes[index]?.stopOrThrow();
          nodes[index] = await mesh.start(PUBLISHING, { ...variables, PUBLISH_TYPE: type });
          restarts++;
          await load.passes(WRITES_BETWEEN);
        }
        say(`both nodes publish by ${type}; ${load.begun} writes`);
      }
    });
    const settling = await mesh.evidence.settledOrThrow();
    await mesh.stopOrThrow();
    const verdict = await verdictOf(mesh.evidence, load.ledger, { allLogged: false });
    const messages = (await mesh.evidence.kafka.messages()).length;
    const committed = (await mesh.evidence.committed()).length;
    // Otherwise one of the ways was not taken at all.
    const oneWay = messages === 0 || messages >= committed ? ["the events went one way only"] : [];
    return withFigures(
      verdict,
      {
        restarts,
        "events by call alone": committed - messages,
        "caught up within, ms": Math.round(settling),
      },
      oneWay,
    );
  } finally {
    await mesh.remove();
  }
}
