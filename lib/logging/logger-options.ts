import type { LoggerConfig } from "moleculer";
import pino, { type DestinationStream } from "pino";
import pinoPretty from "pino-pretty";
import type { Config } from "../../config/index.ts";
import { loggedError } from "./error-serializer.ts";

/** Bytes collected before a write: logging must not cost a system call a line. */
const BUFFER = 4_096;
const FLUSH_INTERVAL = 250;
/** Milliseconds after the last line for which flushing goes on: one that meets a write under way does nothing. */
const FLUSHED_AFTER_LINE = 2_000;

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

function bufferedStream(): DestinationStream {
  const destination = pino.destination({ dest: 1, minLength: BUFFER, sync: false });
  let lastLineAt = Number.NEGATIVE_INFINITY;
  // Not always: a flush costs a system call also where nothing waits, a fifth of what an idle process does.
  setInterval(() => {
    if (performance.now() - lastLineAt < FLUSHED_AFTER_LINE) destination.flush();
  }, FLUSH_INTERVAL).unref();
  process.on("exit", () => destination.flushSync());
  return {
    write(line) {
      lastLineAt = performance.now();
      destination.write(line);
    },
  };
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
