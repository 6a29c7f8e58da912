import { type ActionSchema, type Context, ServiceBroker, type ServiceSchema } from "moleculer";
import { configOrThrow } from "../../config/index.ts";
import { BULKHEADS, type TargetClass } from "../../config/resilience.ts";
import { callChain } from "../../middlewares/call-chain.ts";
import { brokerOptions } from "../../moleculer.config.ts";

type Handler = (ctx: Context<{ n?: number }>) => unknown;

/** An action that does what a test wants at the moment, and counts its runs. */
export interface Scripted {
  readonly schema: ActionSchema;
  runs: number;
  does: Handler;
}

export function scripted(does: Handler, options: object = {}): Scripted {
  const action: Scripted = {
    runs: 0,
    does,
    schema: {
      ...options,
      async handler(ctx: Context<{ n?: number }>) {
        action.runs++;
        return action.does(ctx);
      },
    },
  };
  return action;
}

export function service(name: string, actions: Readonly<Record<string, Scripted>>): ServiceSchema {
  return {
    name,
    actions: Object.fromEntries(Object.entries(actions).map(([action, { schema }]) => [action, schema])),
  };
}

export const hang = () => new Promise<never>(() => undefined);

export const IDEMPOTENT = { idempotent: true };

let meshes = 0;

/**
 * Started brokers with the product's chain, all in one mesh in this process; each runs the services of its list.
 * `classes`: other numbers than the product's.
 */
export async function mesh(
  nodes: readonly (readonly ServiceSchema[])[],
  classes?: ReadonlyMap<string, TargetClass>,
): Promise<ServiceBroker[]> {
  const namespace = `mesh-${process.pid}-${meshes++}`;
  const brokers = nodes.map((schemas, index) => {
    const options = brokerOptions(configOrThrow({ NAMESPACE: namespace, NODE_ID: `node-${index}` }));
    const broker = new ServiceBroker({
      ...options,
      ...(classes ? { middlewares: callChain(classes, BULKHEADS) } : {}),
      logger: false,
      transporter: nodes.length > 1 ? "Fake" : undefined,
      tracking: { enabled: true, shutdownTimeout: 100 },
    });
    for (const schema of schemas) broker.createService(schema);
    return broker;
  });
  await Promise.all(brokers.map((broker) => broker.start()));
  const names = nodes.flat().map(({ name }) => name);
  await Promise.all(brokers.map((broker) => broker.waitForServices(names)));
  return brokers;
}
