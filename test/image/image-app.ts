import { readdirSync } from "node:fs";
import { join } from "node:path";
import { bytesOfOrThrow, TransferableBytes } from "../../contracts/transferable-bytes.ts";
import imageService from "../../services/image/image.service.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";

export interface ImageApp extends ServiceUnderTest {
  upload(file: Buffer, memberId: number, action?: "upload" | "uploadProfile"): Promise<string>;
  view(id: string, thumbnail?: boolean): Promise<Buffer>;
  deleteAs(memberId: number, ...imageUrls: readonly string[]): Promise<true>;
  /** Every file under IMAGE_ROOT. */
  files(): string[];
}

type Started = Parameters<typeof startServices>;

/** The image service, with others, on an empty store. */
export async function startImageApp(...others: Started): Promise<ImageApp> {
  const app = await startServices(...others, imageService);
  return {
    ...app,
    upload: (file, memberId, action = "upload") =>
      app.call(`image.${action}`, { image: new TransferableBytes(file) }, memberId),
    view: async (id, thumbnail) => {
      const { bytes } = await app.call<{ bytes: unknown }>("image.view", { id, thumbnail });
      return bytesOfOrThrow(bytes);
    },
    deleteAs: (memberId, ...imageUrls) => app.call("image.deleteOwnImages", { imageUrls }, memberId),
    files: () =>
      readdirSync(app.config.imageRoot, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
  };
}
