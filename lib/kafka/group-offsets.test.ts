import { type Admin, KafkaJSProtocolError } from "kafkajs";
import { expect, it } from "vitest";
import { endsOf, positionsOf } from "./group-offsets.ts";

const TOPIC = "n.member-activity-20261125";
const refusal = (type: string) =>
  Object.assign(new KafkaJSProtocolError(new Error(type)), { type, retriable: true });

/** An admin of kafkajs whose broker refuses the first two requests of a kind, as one does that was just started. */
function justStarted(types: { readonly ends: string; readonly offsets: string }): Admin {
  let [ends, offsets] = [0, 0];
  return {
    fetchTopicOffsets: async () => {
      if (ends++ < 2) throw refusal(types.ends);
      return [{ partition: 0, offset: "7", low: "0", high: "7" }];
    },
    fetchOffsets: async () => {
      if (offsets++ < 2) throw refusal(types.offsets);
      return [{ topic: TOPIC, partitions: [{ partition: 0, offset: "5", metadata: null }] }];
    },
  } as unknown as Admin;
}

const lagSeenBy = async (admin: Admin) =>
  (await positionsOf(admin, "group", await endsOf(admin, [TOPIC]))).map(({ lag }) => lag);

it.each(["NOT_COORDINATOR_FOR_GROUP", "GROUP_COORDINATOR_NOT_AVAILABLE", "GROUP_LOAD_IN_PROGRESS"])(
  "asks a broker again that says %s",
  async (offsets) => {
    expect(await lagSeenBy(justStarted({ ends: "NOT_LEADER_FOR_PARTITION", offsets }))).toEqual([2]);
  },
);

it("tells what else a broker refuses", async () => {
  const admin = justStarted({ ends: "NOT_LEADER_FOR_PARTITION", offsets: "GROUP_AUTHORIZATION_FAILED" });
  await expect(lagSeenBy(admin)).rejects.toMatchObject({ type: "GROUP_AUTHORIZATION_FAILED" });
});
