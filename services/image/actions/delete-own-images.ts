import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Done } from "../../../contracts/dto/scalars.ts";
import { imageIdOf } from "../../../contracts/image-address.ts";
import { imageAction } from "../image.types.ts";

export const deleteOwnImages = imageAction({
  rest: { method: "POST", path: "/images/view/command/delete/in" },
  summary: "Delete the caller's own among these images; others are skipped",
  params: Type.Object({
    imageUrls: Type.Array(Type.String(), {
      maxItems: 100,
      description: "Addresses, absolute or relative: the last path segment is the id",
    }),
  }),
  returns: Done,
  idempotent: true,
  async handler(ctx) {
    const ids = new Set(ctx.params.imageUrls.flatMap((address) => imageIdOf(address) ?? []));
    await this.store.deleteOwned([...ids], callerId(ctx));
    return true as const;
  },
});
