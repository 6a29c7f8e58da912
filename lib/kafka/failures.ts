/**
 * What a failure of kafkajs says about the thing that was tried.
 * - `UNAVAILABLE`: nothing; the cluster, or a part of it, can't be reached or isn't ready. Later it may work.
 * - `REJECTED`: the message itself can't be stored. It will never work.
 * - `OTHER`: neither is certain (rights, configuration, a fault in a program).
 */
export type KafkaFailure = "UNAVAILABLE" | "REJECTED" | "OTHER";

/** Codes of the protocol that a broker gives because of the record. */
const REJECTIONS = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "INVALID_TIMESTAMP",
  "UNSUPPORTED_FOR_MESSAGE_FORMAT",
]);

const UNREACHABLE = new Set([
  "KafkaJSConnectionError",
  "KafkaJSConnectionClosedError",
  "KafkaJSRequestTimeoutError",
  "KafkaJSBrokerNotFound",
  "KafkaJSNoBrokerAvailableError",
  "KafkaJSMetadataNotLoaded",
  "KafkaJSTopicMetadataNotLoaded",
  "KafkaJSGroupCoordinatorNotFound",
  "KafkaJSTimeout",
  "KafkaJSLockTimeout",
]);

interface Failure {
  readonly name: string;
  readonly type?: string;
  readonly code?: unknown;
  readonly retriable?: boolean;
}

/** Judges by the error and its causes: kafkajs wraps the same cause in different errors, by the number of tries. */
export function kafkaFailureOf(error: unknown): KafkaFailure {
  const chain = causesOf(error);
  if (chain.some(({ type }) => type !== undefined && REJECTIONS.has(type))) return "REJECTED";
  if (chain.some(isUnreachable)) return "UNAVAILABLE";
  if (chain.some(({ type, retriable }) => type !== undefined && retriable === true)) return "UNAVAILABLE";
  return "OTHER";
}

/** The protocol's name of the error, such as `UNKNOWN_TOPIC_OR_PARTITION`, where the broker gave one. */
export function protocolErrorOf(error: unknown): string | undefined {
  return causesOf(error).find(({ type }) => type !== undefined)?.type;
}

function isUnreachable({ name, code }: Failure): boolean {
  return (
    UNREACHABLE.has(name) ||
    (typeof code === "string" && /^(ECONN|ETIMEDOUT|EPIPE|EHOST|ENOTFOUND|EAI_)/.test(code))
  );
}

function causesOf(error: unknown): readonly Failure[] {
  const chain: Failure[] = [];
  let link = error;
  while (link instanceof Error && chain.length < 10) {
    chain.push(link);
    const { errors, cause } = link as { errors?: unknown; cause?: unknown };
    if (Array.isArray(errors)) chain.push(...errors.filter((inner) => inner instanceof Error));
    link = cause;
  }
  return chain;
}
