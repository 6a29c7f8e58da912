import { Kafka, logLevel } from "kafkajs";
import { dateIn, TOPIC_FAMILIES, topicOf } from "../../../config/topics.ts";
import { stopIdleTimers } from "../../../lib/kafka/request-queue-patch.ts";

/** Ids of brokers: the first leads while it lives. */
export type Replicas = readonly number[];

export interface ReplicatedTopics {
  readonly brokers: string;
  readonly namespace: string;
  readonly timeZone: string;
  /** Where each partition is. */
  readonly replicasOf: (partition: number) => Replicas;
  readonly minInsyncReplicas: number;
}

const DAY = 86_400_000;

/** Makes yesterday's, today's and tomorrow's topics before the product does, with their copies where they are wanted. */
export async function makeReplicatedTopics({
  brokers,
  namespace,
  timeZone,
  replicasOf,
  minInsyncReplicas,
}: ReplicatedTopics): Promise<void> {
  stopIdleTimers();
  const admin = new Kafka({ brokers: brokers.split(","), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    for (const { name, partitions } of TOPIC_FAMILIES) {
      for (const day of [-DAY, 0, DAY]) {
        await admin.createTopics({
          topics: [
            {
              topic: topicOf(name, dateIn(timeZone, Date.now() + day), namespace),
              replicaAssignment: Array.from({ length: partitions }, (_, partition) => ({
                partition,
                replicas: [...replicasOf(partition)],
              })),
              configEntries: [{ name: "min.insync.replicas", value: String(minInsyncReplicas) }],
            },
          ],
          waitForLeaders: false,
        });
      }
    }
  } finally {
    await admin.disconnect();
  }
}
