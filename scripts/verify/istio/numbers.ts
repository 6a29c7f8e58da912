import { isDeepStrictEqual } from "node:util";
import { type Check, unmet } from "./check.ts";
import { DESIGN, GROUP_NAMES, type GroupDesign, type GroupName, WRITES_RETRY_ON } from "./design.ts";
import type { Route } from "./envoy.ts";
import type { RenderedRoute } from "./manifests.ts";
import {
  connectionNumbers,
  type Number3,
  outlierNumbers,
  type RunningCluster,
  seconds,
} from "./policy-numbers.ts";
import type { Gateway, Stage } from "./stage.ts";
import { clusterOf } from "./stand-ins.ts";

/** Every number of the tables three times: in the design, in the rendered objects, and in what Envoy runs. */
export const numbers: Check = async ({ stage }) => {
  const gateway = await stage.openGateway();
  try {
    const differences: string[] = [];
    let compared = 0;
    for (const group of GROUP_NAMES) {
      const numbers = await numbersOf(stage, gateway, group);
      for (const [name, [design, rendered, running]] of Object.entries(numbers)) {
        compared++;
        differences.push(
          ...unmet(
            [
              isDeepStrictEqual(design, rendered),
              `${group}: ${name}: design ${design}, manifest ${rendered}`,
            ],
            [isDeepStrictEqual(design, running), `${group}: ${name}: design ${design}, Envoy ${running}`],
          ),
        );
      }
    }
    return { figures: { "numbers in design, manifests and Envoy": compared }, differences };
  } finally {
    await gateway.close();
  }
};

async function numbersOf({ cluster }: Stage, { envoy }: Gateway, group: GroupName) {
  const design = DESIGN[group];
  const routes = await envoy.routes(group);
  const numbers: Record<string, Number3> = {};
  for (const name of ["reads", "writes"] as const) {
    const retryOn = name === "reads" ? design.retryOn : WRITES_RETRY_ON;
    const rendered = cluster.manifests.routesOf(group).find((route) => route.name === name);
    const running = routes.find((route) => route.name === name);
    if (!rendered || !running) throw new Error(`${group} has no route "${name}"`);
    for (const [field, values] of Object.entries(routeNumbers({ ...design, retryOn }, rendered, running))) {
      numbers[`${name}, ${field}`] = values;
    }
  }
  const running = (await envoy.cluster(clusterOf(group))) as RunningCluster | undefined;
  if (!running) throw new Error(`Envoy has no cluster for ${group}`);
  return {
    ...numbers,
    ...connectionNumbers(design, cluster.manifests.policyOf(group), running),
    ...outlierNumbers(cluster.manifests.policyOf(group), running),
  };
}

function routeNumbers(design: GroupDesign, { timeout, retries }: RenderedRoute, running: Route) {
  const policy = running.retryPolicy;
  return {
    timeout: [design.timeout, seconds(timeout), seconds(running.timeout)],
    attempts: [design.attempts, retries.attempts, policy.num_retries],
    perTryTimeout: [design.perTryTimeout, seconds(retries.perTryTimeout), seconds(policy.per_try_timeout)],
    retryOn: [design.retryOn, retries.retryOn, policy.retry_on],
    retryRemoteLocalities: [true, retries.retryRemoteLocalities, policy.retry_priority !== undefined],
  } satisfies Record<string, Number3>;
}
