import type { LoggerConfig } from "moleculer";
import pino from "pino";
import pinoPretty from "pino-pretty";
import type { Config } from "../../config/index.ts";
import { loggedError } from "./error-serializer.ts";

/** Bytes collected before a write: logging must not cost a system call a line. */
const BUFFER = 4_096;
const FLUSH_INTERVAL = 250;

/** One JSON object a line for machines, or one readable line for people. */
export function loggerOptions(log: Config["log"]): LoggerConfig {
  return {
    type: "Pino",
    options: {
      pino: {
        options: {
          level: log.level,
          base: null,
          timestamp: pino.stdTimeFunctions.isoTime,
          serializers: { err: loggedError, error: loggedError },
          formatters: { level: (label: string) => ({ level: label }) },
        },
        destination: log.format === "text" ? readableStream() : bufferedStream(),
      },
    },
  };
}

function bufferedStream() {
  const destination = pino.destination({ dest: 1, minLength: BUFFER, sync: false });
  setInterval(() => destination.flush(), FLUSH_INTERVAL).unref();
  process.on("exit", () => destination.flushSync());
  return destination;
}

function readableStream() {
  return pinoPretty({
    colorize: process.stdout.isTTY,
    ignore: "nodeID,ns,ver",
    translateTime: "SYS:HH:MM:ss.l",
    messageFormat: "{if svc}{svc}: {end}{msg}",
    sync: true,
  });
}
