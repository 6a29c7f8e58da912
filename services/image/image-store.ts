import { randomUUID } from "node:crypto";
import type { ImagePurpose } from "./image.models.ts";
import type { ImageRepository } from "./image.repository.ts";
import type { ImageFiles, Rendition } from "./image-files.ts";
import { RENDITION_TYPE, type Renditions } from "./image-processor.ts";

/** Images deleted at once of a member who has withdrawn. */
const CHUNK = 100;

interface Upload {
  readonly ownerId: number;
  readonly purpose: ImagePurpose;
  readonly renditions: Renditions;
}

/**
 * Rows and files together. Files are written before the row and removed after it: whatever fails between, no row is
 * without its files, and files without a row are never shown and found by a job.
 */
export class ImageStore {
  readonly #images: ImageRepository;
  readonly #files: ImageFiles;
  readonly #warn: (fields: object, text: string) => unknown;

  constructor(images: ImageRepository, files: ImageFiles, warn: (fields: object, text: string) => unknown) {
    this.#images = images;
    this.#files = files;
    this.#warn = warn;
  }

  /** Answers the new image's id. @throws SERVICE_UNAVAILABLE */
  async keep({ ownerId, purpose, renditions }: Upload): Promise<string> {
    const id = randomUUID();
    const { image, thumbnail, width, height } = renditions;
    await this.#files.write(id, { image, thumbnail });
    try {
      await this.#images.insert({
        id,
        ownerId,
        purpose,
        mimeType: RENDITION_TYPE,
        width,
        height,
        byteSize: image.length,
        thumbnailByteSize: thumbnail.length,
        createdAt: Date.now(),
      });
    } catch (error) {
      // A row that was written all the same, its answer lost, must not lose its files.
      const isThere = await this.#images.findType(id).catch(() => "unknown");
      if (isThere === undefined) await this.#removeFiles([id]);
      throw error;
    }
    return id;
  }

  async find(id: string, rendition: Rendition): Promise<{ bytes: Buffer; mimeType: string } | undefined> {
    const mimeType = await this.#images.findType(id);
    const bytes = mimeType && (await this.#files.read(id, rendition));
    return mimeType && bytes ? { bytes, mimeType } : undefined;
  }

  /** Deletes those that are the owner's, and no others. */
  async deleteOwned(ids: readonly string[], ownerId: number): Promise<void> {
    if (ids.length > 0) await this.#removeFiles(await this.#images.deleteOwned(ids, ownerId));
  }

  async deleteAllOf(ownerId: number): Promise<void> {
    for (let ids: readonly string[] = [""]; ids.length > 0; ) {
      ids = await this.#images.deleteSomeOf(ownerId, CHUNK);
      await this.#removeFiles(ids);
    }
  }

  /** The rows are gone: nobody sees these files any more, and the job finds what can't be removed now. */
  async #removeFiles(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.#files.remove(id).catch((err: unknown) => {
        this.#warn({ err, imageId: id }, "the files of a deleted image can't be removed now");
      });
    }
  }
}
