import { setTimeout } from "node:timers/promises";
import type { Admin } from "kafkajs";

export interface TopicSettings {
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Milliseconds. */
  readonly retentionMs: number;
  /** Fewest copies that must have a message where all copies confirm; undefined = the broker's default. */
  readonly minInsyncReplicas: number | undefined;
}

/** Milliseconds. */
const TIMEOUT = 10_000;
const LOOK_INTERVAL = 50;

/**
 * Makes a topic and waits until its partitions have leaders that answer. Resolves to false where it exists already, also when
 * another node is just making it. (kafkajs can wait itself, but fails where the broker that it asks has not heard of
 * the topic yet, which is usual with more than one broker.)
 */
export async function createTopic(admin: Admin, topic: string, settings: TopicSettings): Promise<boolean> {
  const { partitions, replicationFactor, retentionMs, minInsyncReplicas } = settings;
  const minInsync =
    minInsyncReplicas === undefined
      ? []
      : [{ name: "min.insync.replicas", value: String(minInsyncReplicas) }];
  const isMade = await admin.createTopics({
    timeout: TIMEOUT,
    waitForLeaders: false,
    topics: [
      {
        topic,
        numPartitions: partitions,
        replicationFactor,
        configEntries: [
          { name: "retention.ms", value: String(retentionMs) },
          { name: "cleanup.policy", value: "delete" },
          ...minInsync,
        ],
      },
    ],
  });
  const deadline = Date.now() + TIMEOUT;
  while (!(await isLed(admin, topic, partitions)) && Date.now() < deadline) await setTimeout(LOOK_INTERVAL);
  return isMade;
}

async function isLed(admin: Admin, topic: string, partitions: number): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const known = topics.find(({ name }) => name === topic)?.partitions ?? [];
    if (known.length !== partitions || known.some(({ leader }) => leader < 0)) return false;
    // Their brokers may not know yet that they lead: a batch sent now would be taken in part, and be repeated.
    return (await admin.fetchTopicOffsets(topic)).length === partitions;
  } catch {
    // No broker could tell (kafkajs then fails in several ways).
    return false;
  }
}
