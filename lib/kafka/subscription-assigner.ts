import { AssignerProtocol, type PartitionAssigner } from "kafkajs";

export interface Member {
  readonly id: string;
  readonly topics: ReadonlySet<string>;
}

/** Partitions by topic for each member. */
export type Assignment = ReadonlyMap<string, Record<string, number[]>>;

/**
 * Deals the partitions of each topic to the members that subscribed to it, in turn. kafkajs's own way deals the topics
 * of the group's leader to everybody: around midnight, when one node follows a new day and another not yet, a
 * partition would go to a node that ignores it, and a topic that the leader doesn't know would go to nobody.
 */
export function dealPartitions(
  members: readonly Member[],
  partitionsOf: (topic: string) => readonly number[],
): Assignment {
  const assignment = new Map<string, Record<string, number[]>>(members.map(({ id }) => [id, {}]));
  const topics = [...new Set(members.flatMap(({ topics }) => [...topics]))].sort();
  const sorted = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const topic of topics) {
    const readers = sorted.filter((member) => member.topics.has(topic));
    for (const [index, partition] of [...partitionsOf(topic)].sort((a, b) => a - b).entries()) {
      const reader = readers[index % readers.length];
      const share = reader && assignment.get(reader.id);
      if (share) share[topic] = [...(share[topic] ?? []), partition];
    }
  }
  return assignment;
}

/** `dealPartitions` as kafkajs wants it. */
export const assignBySubscription: PartitionAssigner = ({ cluster }) => ({
  name: "by-subscription",
  version: 0,
  async assign({ members }) {
    const subscriptions = members.map(({ memberId, memberMetadata }) => ({
      id: memberId,
      topics: new Set(AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics ?? []),
    }));
    const partitions = new Map<string, readonly number[]>();
    for (const topic of new Set(subscriptions.flatMap(({ topics }) => [...topics]))) {
      // A topic that was dropped since a member subscribed must not keep the group from forming.
      await cluster.addTargetTopic(topic).catch(() => undefined);
      partitions.set(
        topic,
        cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId),
      );
    }
    return [...dealPartitions(subscriptions, (topic) => partitions.get(topic) ?? [])].map(
      ([memberId, assignment]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: 0,
          assignment,
          userData: Buffer.alloc(0),
        }),
      }),
    );
  },
  protocol: ({ topics }) => ({
    name: "by-subscription",
    metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
  }),
});
