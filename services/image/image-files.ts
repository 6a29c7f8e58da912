import { constants } from "node:fs";
import { access, mkdir, open, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { domainError } from "../../contracts/errors.ts";
import { isImageId } from "../../contracts/image-address.ts";

const RENDITIONS = ["image", "thumbnail"] as const;
export type Rendition = (typeof RENDITIONS)[number];

export interface StoredFile {
  readonly name: string;
  /** The image that it belongs to, finished or not; undefined = the file isn't ours. */
  readonly id: string | undefined;
  readonly isFinished: boolean;
}

const SUFFIX: Readonly<Record<Rendition, string>> = { image: ".webp", thumbnail: "-thumbnail.webp" };
const TEMPORARY = ".tmp";

/**
 * The pictures in a folder that all image processes share: `ab/abcd….webp`, in folders by the first two characters.
 * Files appear whole or not at all, and are on the disk when `write` resolves. Ids must be image ids.
 */
export class ImageFiles {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** @throws SERVICE_UNAVAILABLE when the folder can't be written to */
  async write(id: string, bytes: Readonly<Record<Rendition, Buffer>>): Promise<void> {
    const folder = this.#folderOf(id);
    try {
      if (await mkdir(folder, { recursive: true })) await sync(this.#root);
      await all(RENDITIONS, (rendition) =>
        writeSynced(`${this.#fileOf(id, rendition)}${TEMPORARY}`, bytes[rendition]),
      );
      await all(RENDITIONS, (rendition) => {
        const file = this.#fileOf(id, rendition);
        return rename(`${file}${TEMPORARY}`, file);
      });
      await sync(folder);
    } catch (error) {
      await this.remove(id).catch(() => undefined);
      throw unavailable(error);
    }
  }

  /** Undefined where there is none. @throws SERVICE_UNAVAILABLE when the folder can't be read */
  async read(id: string, rendition: Rendition): Promise<Buffer | undefined> {
    try {
      return await readFile(this.#fileOf(id, rendition));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw unavailable(error);
    }
  }

  /** Also what a write left half-way. What is gone already doesn't matter. */
  async remove(id: string): Promise<void> {
    for (const suffix of Object.values(SUFFIX)) {
      const file = join(this.#folderOf(id), `${id}${suffix}`);
      await removeFile(file);
      await removeFile(`${file}${TEMPORARY}`);
    }
  }

  async has(id: string): Promise<boolean> {
    const found = await Promise.all(RENDITIONS.map((rendition) => exists(this.#fileOf(id, rendition))));
    return found.every(Boolean);
  }

  /** The names of all folders that there are. */
  async folders(): Promise<string[]> {
    const entries = await readdir(this.#root, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name))
      .map(({ name }) => name);
  }

  async list(folder: string): Promise<StoredFile[]> {
    const names = await readdir(join(this.#root, folder));
    return names.map((name) => {
      const id = name.slice(0, 36);
      const isFinished = !name.endsWith(TEMPORARY);
      return { name, id: isImageId(id) && id.startsWith(folder) ? id : undefined, isFinished };
    });
  }

  /** When a listed file was written, in epoch ms; undefined when it is gone. */
  async writtenAt(folder: string, name: string): Promise<number | undefined> {
    try {
      return (await stat(join(this.#root, folder, name))).mtimeMs;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async removeListed(folder: string, name: string): Promise<void> {
    await removeFile(join(this.#root, folder, name));
  }

  /** Rejects when the folder isn't there or can't be written to. */
  async check(): Promise<void> {
    await access(this.#root, constants.R_OK | constants.W_OK | constants.X_OK);
  }

  #folderOf(id: string): string {
    if (!isImageId(id)) throw new TypeError("not the id of an image");
    return join(this.#root, id.slice(0, 2));
  }

  #fileOf(id: string, rendition: Rendition): string {
    return join(this.#folderOf(id), `${id}${SUFFIX[rendition]}`);
  }
}

/** At the same time, and none goes on when one has failed: what is left can be removed then. */
async function all<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(items.map(work));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, "wx", 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes new names in a folder last. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

function unavailable(error: unknown): Error {
  return Object.assign(domainError("SERVICE_UNAVAILABLE", { retryAfter: 5 }), { cause: error });
}
