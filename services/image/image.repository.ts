import type { Database } from "../../lib/sql/database.ts";
import { translateUnavailable } from "../../lib/sql/failures.ts";
import { inList, integer, sql } from "../../lib/sql/sql.ts";
import type { ImageAttributes, ImageModel } from "./image.models.ts";

/** The rows of images: whose they are. An image exists as long as its row does. */
export class ImageRepository {
  readonly #database: Database;
  readonly #model: ImageModel;

  constructor(database: Database, model: ImageModel) {
    this.#database = database;
    this.#model = model;
  }

  async insert(image: ImageAttributes): Promise<void> {
    await translateUnavailable(() => this.#model.create(image));
  }

  async findType(id: string): Promise<string | undefined> {
    const row = await this.#database.selectOne<{ mimeType: string }>(
      sql`SELECT mime_type AS mimeType FROM images WHERE id = ${id}`,
    );
    return row?.mimeType;
  }

  /** Deletes those of the ids that are the owner's; answers which. */
  async deleteOwned(ids: readonly string[], ownerId: number): Promise<string[]> {
    const owned = await this.#database.select<{ id: string }>(
      sql`SELECT id FROM images WHERE id IN ${inList(ids)} AND owner_id = ${ownerId}`,
    );
    return this.#delete(owned, ownerId);
  }

  /** Deletes up to `limit` images of an owner; answers which. */
  async deleteSomeOf(ownerId: number, limit: number): Promise<string[]> {
    const owned = await this.#database.select<{ id: string }>(
      sql`SELECT id FROM images WHERE owner_id = ${ownerId} LIMIT ${integer(limit)}`,
    );
    return this.#delete(owned, ownerId);
  }

  /** Which of the ids have a row. */
  async findExisting(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.#database.select<{ id: string }>(
      sql`SELECT id FROM images WHERE id IN ${inList(ids)}`,
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Ids in their order, from after one on. */
  async listIdsAfter(afterId: string, limit: number): Promise<string[]> {
    const rows = await this.#database.select<{ id: string }>(
      sql`SELECT id FROM images WHERE id > ${afterId} ORDER BY id LIMIT ${integer(limit)}`,
    );
    return rows.map(({ id }) => id);
  }

  async deleteRows(ids: readonly string[]): Promise<void> {
    await this.#database.execute(sql`DELETE FROM images WHERE id IN ${inList(ids)}`);
  }

  async #delete(owned: readonly { id: string }[], ownerId: number): Promise<string[]> {
    const ids = owned.map(({ id }) => id);
    if (ids.length > 0) {
      await this.#database.execute(
        sql`DELETE FROM images WHERE id IN ${inList(ids)} AND owner_id = ${ownerId}`,
      );
    }
    return ids;
  }
}
