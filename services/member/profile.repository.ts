import type { Transaction } from "sequelize";
import type { Caller } from "../../contracts/action.ts";
import { handleKeyOf } from "../../contracts/dto/profile-fields.ts";
import { domainError } from "../../contracts/errors.ts";
import { imageIdOf } from "../../contracts/image-address.ts";
import type { OutboxWriter } from "../../lib/outbox/outbox-writer.ts";
import type { Database } from "../../lib/sql/database.ts";
import { violates } from "../../lib/sql/failures.ts";
import { sql } from "../../lib/sql/sql.ts";
import type { MemberModels, ProfileChanges } from "./member.models.ts";

const HANDLE_KEY = { index: "uq_profiles_handle", columns: ["handle_key"] };

/** Writes of members to their own profile. */
export class ProfileRepository {
  readonly #database: Database;
  readonly #models: MemberModels;
  readonly #outbox: OutboxWriter;

  constructor(database: Database, models: MemberModels, outbox: OutboxWriter) {
    this.#database = database;
    this.#models = models;
    this.#outbox = outbox;
  }

  /**
   * Changes the fields given, in the profile and the member's name. Answers the ids of images that were the profile's
   * and no longer are.
   * @throws MEMBER_NOT_FOUND
   */
  async updateOrThrow(caller: Caller, changes: ProfileChanges, name?: string): Promise<string[]> {
    const memberId = caller.id;
    const updatedAt = Date.now();
    const { Member, Profile } = this.#models;
    return this.#database.transaction(async (transaction) => {
      const before = await this.#lockOrThrow(memberId, transaction);
      await Profile.update({ ...changes, updatedAt }, { where: { memberId }, transaction });
      if (name !== undefined) {
        await Member.update({ name, updatedAt }, { where: { id: memberId }, transaction });
      }
      await this.#tell(caller, updatedAt, transaction);
      return replacedPictures(before, changes);
    });
  }

  /** @throws MEMBER_HANDLE_ALREADY_EXISTS where another member has it, in any case; MEMBER_NOT_FOUND */
  async changeHandleOrThrow(caller: Caller, handle: string): Promise<void> {
    const memberId = caller.id;
    const values = { handle, handleKey: handleKeyOf(handle), updatedAt: Date.now() };
    try {
      await this.#database.transaction(async (transaction) => {
        await this.#lockOrThrow(memberId, transaction);
        await this.#models.Profile.update(values, { where: { memberId }, transaction });
        await this.#tell(caller, values.updatedAt, transaction);
      });
    } catch (error) {
      throw violates(error, HANDLE_KEY) ? domainError("MEMBER_HANDLE_ALREADY_EXISTS") : error;
    }
  }

  /** For consumers that keep something of a profile: search, pictures. */
  async #tell(caller: Caller, at: number, transaction: Transaction): Promise<void> {
    const event = { type: "MEMBER_UPDATE", memberId: caller.id, at } as const;
    await this.#outbox.append([event], { transaction, requestId: caller.requestId });
  }

  /** Keeps a withdrawal, which empties the handle under the same lock, from being written over. */
  async #lockOrThrow(memberId: number, transaction: Transaction): Promise<Pictures> {
    const row = await this.#database.selectOne<{ handle: string | null } & Pictures>(
      sql`SELECT handle, avatar_url AS avatarUrl, cover_url AS coverUrl FROM profiles WHERE member_id = ${memberId}${this.#database.forUpdate}`,
      { transaction },
    );
    if (row?.handle == null) throw domainError("MEMBER_NOT_FOUND");
    return row;
  }
}

interface Pictures {
  readonly avatarUrl: string | null;
  readonly coverUrl: string | null;
}

/** Two addresses may name one picture. */
function replacedPictures(before: Pictures, changes: Partial<Pictures>): string[] {
  const { avatarUrl = before.avatarUrl, coverUrl = before.coverUrl } = changes;
  const idsOf = (...addresses: (string | null)[]) =>
    addresses.flatMap((address) => imageIdOf(address ?? "") ?? []);
  const kept = idsOf(avatarUrl, coverUrl);
  return idsOf(before.avatarUrl, before.coverUrl).filter((id) => !kept.includes(id));
}
