import type { Kafka } from "kafkajs";
import type { Logger } from "moleculer";
import type { BatchHandler, EventSubscriber } from "../event-log/event-log.ts";
import type { TopicLag } from "./group-offsets.ts";
import { KafkaSubscription, SUBSCRIPTION_TIMES, type SubscriptionTimes } from "./kafka-subscription.ts";
import type { TopicAdmin } from "./topic-admin.ts";

export interface KafkaSubscriberOptions {
  readonly connect: () => Kafka;
  readonly topics: TopicAdmin;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly times?: SubscriptionTimes;
}

/** Reads from Kafka as a member of a group, at least once, each partition in order. */
export class KafkaSubscriber implements EventSubscriber {
  readonly #options: KafkaSubscriberOptions;

  constructor(options: KafkaSubscriberOptions) {
    this.#options = options;
  }

  /** Begins to follow; resolves at once, also while the cluster is away. */
  async subscribe(options: {
    readonly group: string;
    readonly families: readonly string[];
    readonly handler: BatchHandler;
  }): Promise<KafkaSubscription> {
    return new KafkaSubscription({
      ...options,
      ...this.#options,
      times: this.#options.times ?? SUBSCRIPTION_TIMES,
    });
  }

  lag(group: string): Promise<readonly TopicLag[]> {
    return this.#options.topics.lag(group);
  }
}
