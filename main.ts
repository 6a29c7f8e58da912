import { enableCompileCache } from "node:module";
import { createServer } from "node:net";
import { parseArgs } from "node:util";
import type { Application } from "./application.ts";
import { banner } from "./banner.ts";
import { type Config, ConfigurationError, loadConfigOrThrow } from "./config/index.ts";

/** Starts one node: `main.ts [--repl] [--services names]`. Everything else is in the environment. */
const { values: options } = parseArgs({
  options: { repl: { type: "boolean", default: false }, services: { type: "string" } },
});

// Compiled code is kept between starts (in the system's temporary folder, or NODE_COMPILE_CACHE): half the time
// to ready, and 20 MB less. Before everything that is imported below.
enableCompileCache();

const config = await orEnd(async () => {
  const loaded = loadConfigOrThrow(options.services ? { SERVICES: options.services } : {});
  if (loaded.mesh.services.includes("api"))
    await assertFree("PORT", loaded.gateway.port, loaded.gateway.host);
  await assertFree("METRICS_PORT", loaded.metricsPort, loaded.gateway.host);
  return loaded;
});
const application = await orEnd(() => start(config));
stopOnSignals(application);
process.stdout.write(`${banner(config, application)}\n`);
if (options.repl) await openRepl(application);

/** A wrong configuration ends with one line; anything else is a defect and keeps its stack. */
async function orEnd<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`dailyfeed: ${error.message}\n`);
    process.exit(1);
  }
}

async function start(loaded: Config): Promise<Application> {
  // Only now: a wrong configuration should be told before half a second of modules is loaded.
  const { startApplication } = await import("./application.ts");
  return startApplication(loaded);
}

/** @throws ConfigurationError when something else listens there: the servers themselves would only crash */
async function assertFree(variable: string, port: number, host: string): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const isPort = error.code === "EADDRINUSE" || error.code === "EACCES";
      const cause = error.code === "EADDRINUSE" ? "the port is in use" : `can't listen there (${error.code})`;
      const message = isPort
        ? `${variable} is ${port}: ${cause} on ${host}`
        : `HOST is ${JSON.stringify(host)}: ${cause}`;
      reject(new ConfigurationError(message));
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

function stopOnSignals({ stop }: Application): void {
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`dailyfeed: could not stop cleanly: ${error}\n`);
          process.exit(1);
        },
      );
    });
  }
}

async function openRepl({ broker }: Application): Promise<void> {
  const { startRepl } = await import("./repl/start-repl.ts");
  startRepl(broker);
}
