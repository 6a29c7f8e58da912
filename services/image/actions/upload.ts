import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { ImageId } from "../../../contracts/dto/image.ts";
import type { ErrorCode } from "../../../contracts/errors.ts";
import { Bytes, bytesOfOrThrow } from "../../../contracts/transferable-bytes.ts";
import type { ImagePurpose } from "../image.models.ts";
import { imageAction } from "../image.types.ts";

const FILE_ERRORS: readonly ErrorCode[] = [
  "EMPTY_IMAGE_FILE",
  "FILE_TOO_SMALL",
  "INVALID_IMAGE_SIGNATURE",
  "CORRUPTED_IMAGE",
];

function uploadTo(path: string, summary: string, purpose: ImagePurpose) {
  return imageAction({
    rest: { method: "POST", path, upload: "image" },
    summary: `${summary}: JPEG, PNG, GIF, WebP or AVIF; answers its id`,
    params: Type.Object({ image: Bytes }),
    returns: ImageId,
    errors: FILE_ERRORS,
    bulkhead: "image",
    async handler(ctx) {
      const ownerId = callerId(ctx);
      const renditions = await this.processor.renderOrThrow(bytesOfOrThrow(ctx.params.image));
      return this.store.keep({ ownerId, purpose, renditions });
    },
  });
}

export const upload = uploadTo("/images/upload", "Upload an image", "content");
export const uploadProfile = uploadTo("/images/upload/profile", "Upload an image for the profile", "profile");
