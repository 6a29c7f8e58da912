import type { ImageRepository } from "./image.repository.ts";
import type { ImageFiles, StoredFile } from "./image-files.ts";

export interface OrphanSummary {
  /** Files without a row, and what interrupted writes left. */
  readonly files: number;
  /** Rows without their files. */
  readonly rows: number;
}

const PAGE = 500;
/** As many rows without files are believed; beyond, and with most rows like that, the folder itself must be missing. */
const BELIEVABLE = 20;

/** Finds and removes what crashes left, on either side. */
export class Orphans {
  readonly #images: ImageRepository;
  readonly #files: ImageFiles;

  constructor(images: ImageRepository, files: ImageFiles) {
    this.#images = images;
    this.#files = files;
  }

  /**
   * Files younger than `graceMs` are left alone: their upload may be under way.
   * @throws Error when most images have no files, as where a wrong folder is mounted: nothing is removed then
   */
  async remove(graceMs: number): Promise<OrphanSummary> {
    const lost = await this.#rowsWithoutFilesOrThrow();
    for (let start = 0; start < lost.length; start += PAGE) {
      await this.#images.deleteRows(lost.slice(start, start + PAGE));
    }
    const before = Date.now() - graceMs;
    let files = 0;
    for (const folder of await this.#files.folders()) files += await this.#cleanFolder(folder, before);
    return { files, rows: lost.length };
  }

  async #rowsWithoutFilesOrThrow(): Promise<string[]> {
    const lost: string[] = [];
    let total = 0;
    for (let ids = await this.#images.listIdsAfter("", PAGE); ids.length > 0; ) {
      total += ids.length;
      for (const id of ids) if (!(await this.#files.has(id))) lost.push(id);
      ids = await this.#images.listIdsAfter(ids.at(-1) ?? "", PAGE);
    }
    if (lost.length > BELIEVABLE && lost.length > total / 2) {
      throw new Error(`${lost.length} of ${total} images have no files: is IMAGE_ROOT the right folder?`);
    }
    return lost;
  }

  async #cleanFolder(folder: string, before: number): Promise<number> {
    const listed = (await this.#files.list(folder)).filter(({ id }) => id !== undefined);
    let removed = 0;
    for (let start = 0; start < listed.length; start += PAGE) {
      const files = listed.slice(start, start + PAGE);
      const existing = await this.#images.findExisting(files.map(({ id }) => id as string));
      const orphans = files.filter(({ id, isFinished }) => !isFinished || !existing.has(id as string));
      for (const orphan of orphans) removed += await this.#removeOld(folder, orphan, before);
    }
    return removed;
  }

  async #removeOld(folder: string, { name }: StoredFile, before: number): Promise<0 | 1> {
    const writtenAt = await this.#files.writtenAt(folder, name);
    if (writtenAt === undefined || writtenAt > before) return 0;
    await this.#files.removeListed(folder, name);
    return 1;
  }
}
