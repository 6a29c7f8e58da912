import { Type } from "@sinclair/typebox";
import { Nothing } from "../../../contracts/dto/scalars.ts";
import { batchAction } from "../batch.types.ts";

/** Topics are dropped after this many days, once they are read. */
const DAYS_KEPT = 7;

export const createTopics = batchAction({
  summary: "Make yesterday's, today's and tomorrow's topics",
  params: Nothing,
  returns: Type.Object({ created: Type.Array(Type.String()) }),
  async handler() {
    return { created: [...(await this.datedTopics.ensureAround())] };
  },
});

export const dropTopics = batchAction({
  summary: `Drop topics older than ${DAYS_KEPT} days that every group has read to the end`,
  params: Nothing,
  returns: Type.Object({ dropped: Type.Array(Type.String()), kept: Type.Array(Type.Unknown()) }),
  async handler() {
    const { dropped, kept } = await this.datedTopics.dropRead(DAYS_KEPT, this.groups);
    if (kept.length > 0)
      this.logger.warn({ kept }, "old topics are kept: somebody has not read them to the end");
    return { dropped: [...dropped], kept: [...kept] };
  },
});

export const listTopics = batchAction({
  summary: "The dated topics",
  params: Nothing,
  returns: Type.Array(Type.String()),
  idempotent: true,
  async handler() {
    return [...(await this.datedTopics.list())].sort();
  },
});

export const topicLag = batchAction({
  summary: "What a consumer group has not read yet, by topic and partition",
  params: Type.Object({
    group: Type.Optional(Type.String({ description: "Full name; default: every group of ours" })),
  }),
  returns: Type.Array(
    Type.Object({
      group: Type.String(),
      topic: Type.String(),
      partition: Type.Integer(),
      lag: Type.Integer(),
    }),
  ),
  idempotent: true,
  async handler(ctx) {
    const groups = ctx.params.group ? [ctx.params.group] : this.groups;
    const lags = await Promise.all(
      groups.map(async (group) => (await this.datedTopics.lag(group)).map((row) => ({ group, ...row }))),
    );
    return lags
      .flat()
      .map(({ group, topic, partition, lag }) => ({ group, topic, partition, lag: Number(lag) }));
  },
});
