import { Type } from "@sinclair/typebox";
import { Count, Timestamp } from "../../../contracts/dto/scalars.ts";
import { OutboxArchive } from "../../../lib/outbox/outbox-archive.ts";
import { batchAction } from "../batch.types.ts";

export const republishEvents = batchAction({
  summary:
    "Send kept events of a span again, where a broker lost what it had confirmed; consumers drop what they know",
  params: Type.Object({ from: Timestamp, to: Timestamp }),
  returns: Type.Object({ republished: Count }),
  timeout: 10 * 60_000,
  async handler(ctx) {
    const { from, to } = ctx.params;
    const archive = new OutboxArchive(this.database, { keepMs: Number.MAX_SAFE_INTEGER });
    return { republished: await archive.republish(Date.parse(from), Date.parse(to)) };
  },
});
