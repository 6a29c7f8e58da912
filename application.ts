import { type Service, ServiceBroker } from "moleculer";
import { type Config, ConfigurationError } from "./config/index.ts";
import { serveMetrics } from "./lib/metrics/metrics-server.ts";
import { showPoolUse } from "./lib/sql/pool-metrics.ts";
import { leaseDatabase } from "./lib/sql/shared-database.ts";
import { brokerOptions } from "./moleculer.config.ts";
import { gatewayUrl } from "./services/api/api.service.ts";
import { servicesOf } from "./services/index.ts";

/** A running node of dailyfeed. */
export interface Application {
  readonly broker: ServiceBroker;
  /** Where its gateway listens; undefined for a node without one. */
  readonly url: string | undefined;
  /** Refuses new work, finishes what is in hand, closes the stores. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the services of a configuration in this process; resolves when they are ready.
 * @throws ConfigurationError when the database can't be used
 */
export async function startApplication(config: Config): Promise<Application> {
  // Held to the very end, so that requests in hand find the database while the services stop one by one.
  const databaseLease = config.mesh.services.length > 0 ? openDatabaseOrThrow(config) : undefined;
  let stopMetrics = async (): Promise<void> => undefined;
  try {
    stopMetrics = await serveMetricsOrThrow(config);
    await databaseLease?.ready().catch((error: unknown) => {
      throw unusableDatabase(config, error);
    });
    const hidePoolUse = databaseLease && showPoolUse(databaseLease.database);
    const broker = new ServiceBroker(brokerOptions(config));
    for (const schema of servicesOf(config)) broker.createService(schema);
    await broker.start();
    const gateway: (Service & { drain?: () => Promise<void> }) | undefined = broker.services.find(
      ({ name }) => name === "api",
    );
    return {
      broker,
      url: gateway && gatewayUrl(gateway),
      stop: async () => {
        await gateway?.drain?.();
        await broker.stop();
        hidePoolUse?.();
        await stopMetrics();
        await databaseLease?.release();
      },
    };
  } catch (error) {
    await stopMetrics();
    await databaseLease?.release();
    throw error;
  }
}

function openDatabaseOrThrow(config: Config) {
  try {
    return leaseDatabase(config.database);
  } catch (error) {
    throw unusableDatabase(config, error);
  }
}

/** Before the broker, whose actions are counted from when they are made. */
async function serveMetricsOrThrow({ metricsPort, gateway }: Config): Promise<() => Promise<void>> {
  try {
    return await serveMetrics(metricsPort, gateway.host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(`METRICS_PORT is ${metricsPort}: can't listen there (${code})`, {
      cause: error,
    });
  }
}

function unusableDatabase({ database, dataDir }: Config, error: unknown): ConfigurationError {
  const [variable, value] =
    database.kind === "mysql" ? ["DATABASE_URL", new URL(database.url).host] : ["DATA_DIR", dataDir];
  return new ConfigurationError(
    `${variable} is ${JSON.stringify(value)}: the database can't be used (${rootCause(error)})`,
    {
      cause: error,
    },
  );
}

function rootCause(error: unknown): string {
  const { cause, parent, message } = Object(error) as { cause?: unknown; parent?: unknown; message?: string };
  const inner = cause ?? parent;
  return inner ? rootCause(inner) : (String(message ?? error).split("\n", 1)[0] ?? "");
}
