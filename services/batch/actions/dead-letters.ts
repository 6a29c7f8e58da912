import { type Static, Type } from "@sinclair/typebox";
import { Count, Nullable, StringEnum, Timestamp } from "../../../contracts/dto/scalars.ts";
import { validationError } from "../../../contracts/errors.ts";
import type { DeadLetter } from "../../../lib/documents/dead-letter.ts";
import { batchAction } from "../batch.types.ts";

const Side = StringEnum(["PUBLISHER", "LISTENER"]);

const DeadLetterView = Type.Object({
  id: Type.String(),
  side: Side,
  consumer: Nullable(Type.String()),
  messageKey: Nullable(Type.String()),
  eventId: Nullable(Type.String()),
  topic: Nullable(Type.String()),
  payload: Type.String(),
  category: Type.String(),
  reason: Type.String(),
  error: Nullable(Type.String()),
  attempts: Count,
  isCompleted: Type.Boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});

function viewOf(letter: DeadLetter): Static<typeof DeadLetterView> {
  const { id, side, consumer, messageKey, eventId, topic, payload, category, reason, error, attempts } =
    letter;
  return {
    ...{ id, side, consumer, messageKey, eventId, topic, payload, category, reason, error, attempts },
    isCompleted: letter.isCompleted,
    createdAt: new Date(letter.createdAt).toISOString(),
    updatedAt: new Date(letter.updatedAt).toISOString(),
  };
}

export const listDeadLetters = batchAction({
  summary: "Open dead letters, oldest first",
  params: Type.Object({
    side: Type.Optional(Side),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 50 })),
  }),
  returns: Type.Array(DeadLetterView),
  idempotent: true,
  async handler(ctx) {
    const { side, limit = 50 } = ctx.params;
    return (await this.deadLetters.list({ side, isCompleted: false }, limit)).map(viewOf);
  },
});

export const showDeadLetter = batchAction({
  summary: "One dead letter with everything known of it",
  params: Type.Object({ id: Type.String() }),
  returns: DeadLetterView,
  idempotent: true,
  async handler(ctx) {
    const letter = await this.deadLetters.find(ctx.params.id);
    if (!letter) throw validationError({ field: "id", rule: "unknown" });
    return viewOf(letter);
  },
});

export const replayDeadLetters = batchAction({
  summary:
    "Try dead letters again: one by its id at once, else those of a side (both, if none is named) whose pause is over",
  params: Type.Object({ side: Type.Optional(Side), id: Type.Optional(Type.String()) }),
  returns: Type.Object({ replayed: Count, failed: Count }),
  async handler(ctx) {
    const { side, id } = ctx.params;
    const total = { replayed: 0, failed: 0 };
    for (const each of side ? [side] : (["PUBLISHER", "LISTENER"] as const)) {
      const { replayed, failed } = await this.replay.replay(each, id ? [id] : undefined);
      total.replayed += replayed;
      total.failed += failed;
    }
    return total;
  },
});

export const discardDeadLetter = batchAction({
  summary: "Give a dead letter up for good",
  params: Type.Object({ id: Type.String() }),
  returns: Type.Object({ discarded: Count }),
  async handler(ctx) {
    return { discarded: await this.deadLetters.discard([ctx.params.id], Date.now()) };
  },
});
