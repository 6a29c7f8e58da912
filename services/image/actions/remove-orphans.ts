import { Type } from "@sinclair/typebox";
import { Count } from "../../../contracts/dto/scalars.ts";
import { imageAction } from "../image.types.ts";

/** Milliseconds after which no upload can be under way any more. */
const GRACE = 3_600_000;

export const removeOrphans = imageAction({
  summary: "Remove files without a row, what interrupted writes left, and rows without files",
  params: Type.Object({ graceMs: Type.Optional(Type.Integer({ minimum: 0 })) }),
  returns: Type.Object({ files: Count, rows: Count }),
  handler(ctx) {
    return this.orphans.remove(ctx.params.graceMs ?? GRACE);
  },
});
