import { type Admin, AssignerProtocol, Kafka, logLevel } from "kafkajs";
import { stopIdleTimers } from "../../../lib/kafka/request-queue-patch.ts";
import type { LoggedMessage } from "./compare-order.ts";
import { until } from "./until.ts";

interface PartitionEnd {
  readonly topic: string;
  readonly partition: number;
  /** The next offset that is written. */
  readonly end: number;
}

/** Looks from outside into the topics of a mesh, and at the group that reads them. */
export class KafkaEvidence {
  readonly #kafka: Kafka;
  readonly #namespace: string;
  readonly #group: string;

  /** @param group its name without the namespace */
  constructor(brokers: string, namespace: string, group: string) {
    stopIdleTimers();
    this.#kafka = new Kafka({
      clientId: "verify-events",
      brokers: brokers.split(","),
      logLevel: logLevel.NOTHING,
    });
    this.#namespace = namespace;
    this.#group = `${namespace}-${group}`;
  }

  /** Everything in the mesh's topics. */
  async messages(): Promise<readonly LoggedMessage[]> {
    const ends = await this.#withAdmin((admin) => this.#ends(admin));
    const messages: LoggedMessage[] = [];
    const unfinished = new Set(
      ends.filter(({ end }) => end > 0).map(({ topic, partition }) => `${topic}/${partition}`),
    );
    if (unfinished.size === 0) return messages;
    const consumer = this.#kafka.consumer({ groupId: `${this.#namespace}-evidence-${Date.now()}` });
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(ends.map(({ topic }) => topic))], fromBeginning: true });
    await consumer.run({
      eachBatch: async ({ batch: { topic, partition, messages: batch } }) => {
        const end = ends.find((one) => one.topic === topic && one.partition === partition)?.end ?? 0;
        for (const { offset, value } of batch) {
          const { eventId } = JSON.parse(String(value)) as { eventId: string };
          messages.push({ topic, partition, offset: Number(offset), eventId });
          if (Number(offset) + 1 >= end) unfinished.delete(`${topic}/${partition}`);
        }
      },
    });
    await until("the topics are read", async () => unfinished.size === 0);
    await consumer.disconnect();
    return messages;
  }

  /** Messages that the group has not finished. */
  async lag(): Promise<number> {
    const lags = await this.#withAdmin((admin) => this.#lags(admin));
    return lags.reduce((sum, { lag }) => sum + lag, 0);
  }

  /** The nodes among which the partitions are dealt out; none while that is just being done. */
  async sharers(): Promise<readonly string[]> {
    const { state, members } = await this.#withAdmin((admin) => this.#membersOf(admin));
    return state === "Stable" ? members.filter(({ share }) => share !== "").map(({ node }) => node) : [];
  }

  /** The group's state, its members, and what is unread, for whoever wonders why it doesn't go on. */
  async describe(): Promise<string> {
    return this.#withAdmin(async (admin) => {
      const { state, members } = await this.#membersOf(admin);
      const lags = (await this.#lags(admin)).filter(({ lag }) => lag > 0);
      return [
        `group ${this.#group}: ${state}`,
        ...members.map(({ node, share }) => `  ${node}: ${share || "no partition"}`),
        ...lags.map(({ topic, partition, lag }) => `  unread in ${topic}/${partition}: ${lag}`),
      ].join("\n");
    });
  }

  async #membersOf(admin: Admin) {
    const [group] = (await admin.describeGroups([this.#group])).groups;
    const members = (group?.members ?? []).map(({ clientId, memberAssignment }) => ({
      node: clientId,
      share: shareIn(memberAssignment),
    }));
    return { state: group?.state ?? "Dead", members };
  }

  async #lags(admin: Admin): Promise<readonly (PartitionEnd & { readonly lag: number })[]> {
    const ends = await this.#ends(admin);
    const topics = [...new Set(ends.map(({ topic }) => topic))];
    if (topics.length === 0) return [];
    const offsets = await admin.fetchOffsets({ groupId: this.#group, topics });
    const read = new Map(
      offsets.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => [`${topic}/${partition}`, Math.max(0, Number(offset))]),
      ),
    );
    return ends.map((one) => ({ ...one, lag: one.end - (read.get(`${one.topic}/${one.partition}`) ?? 0) }));
  }

  async #ends(admin: Admin): Promise<readonly PartitionEnd[]> {
    const ends = [];
    for (const topic of await admin.listTopics()) {
      if (!topic.startsWith(`${this.#namespace}.`)) continue;
      for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
        ends.push({ topic, partition, end: Number(high) });
      }
    }
    return ends;
  }

  async #withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

/** `member-activity-20260102/0,3`; empty where a member has nothing. */
function shareIn(assignment: Buffer): string {
  const topics =
    assignment.length > 0 ? AssignerProtocol.MemberAssignment.decode(assignment)?.assignment : {};
  return Object.entries(topics ?? {})
    .map(([topic, partitions]) => `${topic}/${partitions.join()}`)
    .join(" ");
}
