import { CompressionTypes, type Kafka } from "kafkajs";
import { type EventPublisher, type OutgoingMessage, PublishError } from "../event-log/event-log.ts";
import { kafkaFailureOf } from "./failures.ts";
import { ProducerConnection } from "./producer-connection.ts";
import type { TopicAdmin } from "./topic-admin.ts";

export interface KafkaPublisherOptions {
  readonly connect: () => Kafka;
  readonly topics: TopicAdmin;
  readonly acks: "1" | "all";
}

const ACKS = { 1: 1, all: -1 } as const;

/**
 * Topics after which a new connection is made. kafkajs asks for every topic that a producer ever sent to, and fails
 * for all when one of them was dropped; a day's topic lives at least a week.
 */
const MOST_TOPICS = 6;

/**
 * Sends to Kafka. One `send` at a time for a partition keeps its order; sends of different partitions may overlap.
 * At least once: what failed may have been written all the same.
 */
export class KafkaPublisher implements EventPublisher {
  readonly #options: KafkaPublisherOptions;
  #connection: ProducerConnection | undefined;
  #isClosed = false;

  constructor(options: KafkaPublisherOptions) {
    this.#options = options;
  }

  /** @throws PublishError */
  async send(messages: readonly OutgoingMessage[], commit: () => Promise<void>): Promise<void> {
    const rejected = await this.#sendAll(messages);
    if (rejected.length > 0) {
      throw new PublishError("REJECTED", `Kafka refused ${rejected.length} of ${messages.length} events`, {
        rejectedKeys: rejected,
      });
    }
    await commit();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#connection?.retire();
  }

  /** Sends what can be sent; resolves to the keys of what Kafka refuses for ever. */
  async #sendAll(messages: readonly OutgoingMessage[]): Promise<readonly string[]> {
    try {
      await this.#sendTogether(messages);
      return [];
    } catch (error) {
      if (kafkaFailureOf(error) !== "REJECTED") {
        throw new PublishError("UNAVAILABLE", "Kafka can't take events now", { cause: error });
      }
      const [only] = messages;
      if (messages.length === 1 && only) return [only.key];
      // One of them is at fault, or they are too much at once. In halves, in order, the others get through.
      const middle = Math.ceil(messages.length / 2);
      const first = await this.#sendAll(messages.slice(0, middle));
      return [...first, ...(await this.#sendAll(messages.slice(middle)))];
    }
  }

  async #sendTogether(messages: readonly OutgoingMessage[]): Promise<void> {
    const byTopic = Map.groupBy(messages, ({ topic }) => topic);
    const connection = this.#connectionFor([...byTopic.keys()]);
    try {
      await connection.send({
        acks: ACKS[this.#options.acks],
        compression: CompressionTypes.GZIP,
        topicMessages: [...byTopic].map(([topic, group]) => ({
          topic,
          messages: group.map(({ key, value, partition, headers }) => ({ key, value, partition, headers })),
        })),
      });
    } catch (error) {
      // After a failure kafkajs may keep on asking for a topic that isn't there: begin anew.
      if (kafkaFailureOf(error) !== "REJECTED") this.#retire(connection);
      throw error;
    }
  }

  #connectionFor(topics: readonly string[]): ProducerConnection {
    if (this.#isClosed) throw new Error("The publisher is closed");
    const current = this.#connection;
    if (current && new Set([...current.topics, ...topics]).size <= MOST_TOPICS) return current;
    if (current) this.#retire(current);
    this.#connection = new ProducerConnection(this.#options.connect(), this.#options.topics);
    return this.#connection;
  }

  #retire(connection: ProducerConnection): void {
    if (this.#connection === connection) this.#connection = undefined;
    void connection.retire();
  }
}
