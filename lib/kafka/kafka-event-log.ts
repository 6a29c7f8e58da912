import type { Logger } from "moleculer";
import type { EventsConfig } from "../../config/index.ts";
import type { IncomingMessage } from "../event-log/event-log.ts";
import { kafkaClient } from "./client.ts";
import { ClusterProbe } from "./cluster-probe.ts";
import { KafkaPublisher } from "./kafka-publisher.ts";
import { KafkaSubscriber } from "./kafka-subscriber.ts";
import type { SubscriptionTimes } from "./kafka-subscription.ts";
import { TopicAdmin } from "./topic-admin.ts";
import { readTopic } from "./topic-reader.ts";

export interface KafkaEventLogOptions {
  readonly events: EventsConfig;
  /** Shown in the broker's logs and group descriptions. */
  readonly clientId: string;
  readonly logger: Logger;
  /** Epoch milliseconds; the clock that decides about dates. */
  readonly now?: () => number;
  readonly times?: SubscriptionTimes;
}

/** A cluster as an event log. */
export interface KafkaEventLog {
  readonly topics: TopicAdmin;
  readonly probe: ClusterProbe;
  readonly publisher: KafkaPublisher;
  readonly subscriber: KafkaSubscriber;
  readonly readTopic: (topic: string) => AsyncIterable<readonly IncomingMessage[]>;
}

/** A send ends within 10 seconds also where the broker hangs: the publisher's leases are not longer. */
const IMPATIENT = { requestTimeout: 2_500, retries: 1 };

/** Opens nothing yet: each part connects when it is used. */
export function kafkaEventLog({
  events,
  clientId,
  logger,
  now = Date.now,
  times,
}: KafkaEventLogOptions): KafkaEventLog {
  const brokers = events.brokers ?? [];
  const connect = () => kafkaClient({ brokers, clientId, logger });
  const connectImpatiently = () => kafkaClient({ brokers, clientId, logger, ...IMPATIENT });
  const topics = new TopicAdmin({ kafka: connect(), events, logger, now });
  return {
    topics,
    probe: new ClusterProbe(connectImpatiently()),
    publisher: new KafkaPublisher({
      connect: connectImpatiently,
      topics: new TopicAdmin({ kafka: connectImpatiently(), events, logger, now }),
      acks: events.acks,
    }),
    readTopic: (topic) => readTopic(connect(), topic, events.namespace),
    subscriber: new KafkaSubscriber({ connect, topics, logger, now, times }),
  };
}
