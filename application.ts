import { ServiceBroker } from "moleculer";
import type { Config } from "./config/index.ts";
import { leaseDatabase } from "./lib/sql/shared-database.ts";
import { brokerOptions } from "./moleculer.config.ts";
import { servicesOf } from "./services/index.ts";

/** A running node of dailyfeed. */
export interface Application {
  readonly broker: ServiceBroker;
  /** Refuses new work, finishes what is in hand, closes the stores. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the services of a configuration in this process; resolves when they are ready.
 * @throws when a store that the node can't work without doesn't answer
 */
export async function startApplication(config: Config): Promise<Application> {
  // Held to the very end, so that requests in hand find the database while the services stop one by one.
  const databaseLease = leaseDatabase(config.database);
  try {
    await databaseLease.ready();
    const broker = new ServiceBroker(brokerOptions(config));
    for (const schema of servicesOf(config)) broker.createService(schema);
    await broker.start();
    return {
      broker,
      stop: async () => {
        await broker.stop();
        await databaseLease.release();
      },
    };
  } catch (error) {
    await databaseLease.release();
    throw error;
  }
}
