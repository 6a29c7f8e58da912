import type { BrokerOptions } from "moleculer";
import { type Config, loadConfigOrThrow } from "./config/index.ts";
import { bulkheads, targetClasses, UNCLASSED_TIME } from "./config/resilience.ts";
import { loggerOptions } from "./lib/logging/logger-options.ts";
import { RedisTransporter } from "./lib/mesh/redis-transporter.ts";
import { AjvValidator } from "./lib/validation/ajv-validator.ts";
import { callChain, NODE_BREAKER_OPTIONS } from "./middlewares/call-chain.ts";

/** Milliseconds a stopping node waits for the calls it is working on. */
const SHUTDOWN_TIMEOUT = 15_000;

/** How the mesh runs, for a configuration. */
export function brokerOptions(config: Config): BrokerOptions {
  return {
    namespace: config.mesh.namespace,
    nodeID: config.mesh.nodeId,
    transporter: transporterOf(config.mesh) as BrokerOptions["transporter"],
    logger: loggerOptions(config.log),
    logLevel: config.log.level,
    validator: new AjvValidator(),
    requestTimeout: UNCLASSED_TIME,
    tracking: { enabled: true, shutdownTimeout: SHUTDOWN_TIMEOUT },
    registry: { preferLocal: true },
    // Moleculer's own are in the chain, at their places among ours.
    internalMiddlewares: false,
    middlewares: callChain(targetClasses(config.calls), bulkheads(config.calls)),
    circuitBreaker: NODE_BREAKER_OPTIONS,
    // main.ts handles the signals: the gateway has to drain before the services stop.
    skipProcessEventRegistration: true,
  };
}

function transporterOf({ transporter }: Config["mesh"]): RedisTransporter | string | null {
  return transporter !== undefined && /^rediss?:/.test(transporter)
    ? new RedisTransporter(transporter)
    : (transporter ?? null);
}

/** For Moleculer's own tools, which call it; dailyfeed itself starts in main.ts. */
export default (): BrokerOptions => brokerOptions(loadConfigOrThrow());
