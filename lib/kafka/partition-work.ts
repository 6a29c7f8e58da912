import type { EachBatchPayload, KafkaMessage } from "kafkajs";
import type { Logger } from "moleculer";
import type { BatchHandler, IncomingMessage } from "../event-log/event-log.ts";
import { Pauses } from "../loop/pauses.ts";

export interface PartitionWorkOptions {
  readonly handler: BatchHandler;
  readonly logger: Logger;
  readonly heartbeatInterval: number;
  /** Most messages handed over at once. */
  readonly batchSize: number;
}

/**
 * Hands the batches of kafkajs to the handler, each partition in order, and commits what is done. A partition whose
 * handler rejects is paused, longer each time, and begins again at the same message, which comes alone, since many may
 * have been too much at once; the others go on.
 */
export class PartitionWork {
  readonly #options: PartitionWorkOptions;
  readonly #pauses: Pauses<string>;
  readonly #resumptions = new Set<NodeJS.Timeout>();
  #isClosed = false;

  constructor(options: PartitionWorkOptions) {
    this.#options = options;
    this.#pauses = new Pauses(options.batchSize);
  }

  /** No message is handed over any more; what is in hand is finished by whoever awaits it. */
  close(): void {
    this.#isClosed = true;
    for (const timer of this.#resumptions) clearTimeout(timer);
    this.#resumptions.clear();
  }

  async handle(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, messages } = payload.batch;
    for (let start = 0; start < messages.length; ) {
      if (this.#isClosed || !payload.isRunning() || payload.isStale()) return;
      const part = messages.slice(start, start + this.#pauses.batchSize(keyOf(payload)));
      const last = part[part.length - 1];
      if (!last || !(await this.#handlePart(payload, part))) return;
      // Not `consumer.commitOffsets`: that one does nothing once the consumer is told to stop, and what is done
      // would be done again by the next owner of the partition.
      const offset = String(BigInt(last.offset) + 1n);
      await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
      payload.resolveOffset(last.offset);
      await payload.heartbeat();
      start += part.length;
    }
  }

  /** Whether the handler took the messages; otherwise their partition is paused now. */
  async #handlePart(payload: EachBatchPayload, messages: readonly KafkaMessage[]): Promise<boolean> {
    const { topic, partition } = payload.batch;
    const key = keyOf(payload);
    // A handler may take longer than a session lasts. That the group rebalances is met after the commit.
    const beat = setInterval(() => {
      payload.heartbeat().catch(() => undefined);
    }, this.#options.heartbeatInterval);
    try {
      await this.#options.handler(messages.map((message) => incoming(topic, partition, message)));
      this.#pauses.passed(key);
      return true;
    } catch (error) {
      const now = Date.now();
      const { since, resumeAt } = this.#pauses.failed(key, now);
      const pause = resumeAt - now;
      this.#options.logger.warn(
        {
          topic,
          partition,
          offset: messages[0]?.offset,
          messages: messages.length,
          since,
          pause,
          err: error,
        },
        "events were not taken: the partition waits",
      );
      this.#pause(payload, pause);
      return false;
    } finally {
      clearInterval(beat);
    }
  }

  #pause(payload: EachBatchPayload, duration: number): void {
    const resume = payload.pause();
    if (this.#isClosed) return;
    const timer = setTimeout(() => {
      this.#resumptions.delete(timer);
      resume();
    }, duration);
    this.#resumptions.add(timer);
  }
}

function keyOf({ batch: { topic, partition } }: EachBatchPayload): string {
  return `${topic}|${partition}`;
}

/** A message as kafkajs has it, in our terms. */
export function incoming(topic: string, partition: number, message: KafkaMessage): IncomingMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[name] = String(first);
  }
  return {
    topic,
    partition,
    offset: message.offset,
    key: message.key === null ? null : String(message.key),
    value: message.value ?? Buffer.alloc(0),
    headers,
  };
}
