import { type LogEntry, logLevel } from "kafkajs";
import type { Logger } from "moleculer";

/** Milliseconds in which the same line is told once: with a broker away, kafkajs repeats itself many times a second. */
const QUIET = 10_000;
const REMEMBERED_LINES = 100;

/**
 * Leads kafkajs's log into the node's. Its levels are one too loud for us: an "error" is a try that failed and is
 * repeated; what finally fails is thrown, and told by whoever catches it.
 */
export function logBridge(logger: Logger): () => (entry: LogEntry) => void {
  const told = new Map<string, number>();
  return () =>
    ({ level, namespace, log }) => {
      const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...details } = log;
      const line = `kafkajs ${namespace}: ${message}`;
      const now = Date.now();
      if (now - (told.get(line) ?? 0) < QUIET) return;
      if (told.size >= REMEMBERED_LINES) told.clear();
      told.set(line, now);
      if (level === logLevel.ERROR) logger.warn(line, details);
      else if (level === logLevel.WARN) logger.info(line, details);
      else logger.debug(line, details);
    };
}
