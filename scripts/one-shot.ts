import type { Application } from "../application.ts";
import { type Config, ConfigurationError, loadConfigOrThrow } from "../config/index.ts";
import { SERVICE_NAMES } from "../config/services.ts";

export interface OneShot extends Application {
  /** Whether the work is done by other nodes, which have to be found first. */
  readonly isMesh: boolean;
}

/** Milliseconds to find the nodes that own the work in a mesh. */
export const DISCOVERY_TIMEOUT = 10_000;

/**
 * A node for one piece of work, without a gateway, schedules and metrics: in a mesh it asks the nodes that own the work,
 * alone it owns everything itself. A signal stops it cleanly, so that what the work holds is free for the next try. A
 * configuration that can't work ends the process with one line.
 * @param fallbacks variables that count where the environment doesn't set them
 */
export async function startOneShot(fallbacks: Readonly<Record<string, string>> = {}): Promise<OneShot> {
  try {
    const alone = configFor(
      SERVICE_NAMES.filter((service) => service !== "api"),
      fallbacks,
    );
    const isMesh = alone.mesh.transporter !== undefined;
    // Only now: what is wrong with the input should be told before half a second of modules is loaded.
    const { startApplication } = await import("../application.ts");
    const application = await startApplication(isMesh ? configFor(["batch"], fallbacks) : alone);
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => void application.stop().finally(() => process.exit(1)));
    }
    return { ...application, isMesh };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`dailyfeed: ${error.message}\n`);
    process.exit(1);
  }
}

function configFor(services: readonly string[], fallbacks: Readonly<Record<string, string>>): Config {
  return loadConfigOrThrow({ JOBS: "off", METRICS_PORT: "0", SERVICES: services.join(",") }, fallbacks);
}
