import { Type } from "@sinclair/typebox";
import { domainError } from "../../../contracts/errors.ts";
import { isImageId } from "../../../contracts/image-address.ts";
import { Bytes, TransferableBytes } from "../../../contracts/transferable-bytes.ts";
import { imageAction } from "../image.types.ts";

export const view = imageAction({
  rest: { method: "GET", path: "/images/view/{id}", auth: "none", answer: "file" },
  summary: "The bytes of an image (at most 350x350), or of its thumbnail (150x150)",
  params: Type.Object({ id: Type.String(), thumbnail: Type.Optional(Type.Boolean()) }),
  returns: Type.Object({ bytes: Bytes, mimeType: Type.String(), version: Type.String() }),
  errors: ["IMAGE_NOT_FOUND"],
  async handler(ctx) {
    const id = ctx.params.id.toLowerCase();
    // Nothing but the id of an image ever gets near a path.
    if (!isImageId(id)) throw domainError("IMAGE_NOT_FOUND");
    const rendition = ctx.params.thumbnail ? "thumbnail" : "image";
    const found = await this.store.find(id, rendition);
    if (!found) throw domainError("IMAGE_NOT_FOUND");
    return {
      bytes: new TransferableBytes(found.bytes),
      mimeType: found.mimeType,
      version: `${id}-${rendition}`,
    };
  },
});
