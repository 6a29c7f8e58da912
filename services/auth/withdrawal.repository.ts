import type { Transaction } from "sequelize";
import type { Database } from "../../lib/sql/database.ts";
import { inList, integer, sql } from "../../lib/sql/sql.ts";
import type { CredentialRepository } from "./credential.repository.ts";
import type { SessionRepository } from "./session.repository.ts";

/** Follow relations removed in the withdrawal itself; a member with more is finished by a job. */
const RELATIONS_AT_ONCE = 10_000;
/** Rows a statement names at most. */
const CHUNK = 1_000;

interface Relation {
  readonly id: number;
  readonly follower_id: number;
  readonly following_id: number;
}

/** Takes a member out: sessions, identity, personal data and follow relations. Posts and comments stay. */
export class WithdrawalRepository {
  readonly #database: Database;
  readonly #credentials: CredentialRepository;
  readonly #sessions: SessionRepository;

  constructor(database: Database, credentials: CredentialRepository, sessions: SessionRepository) {
    this.#database = database;
    this.#credentials = credentials;
    this.#sessions = sessions;
  }

  /** One transaction: afterwards the e-mail and the handle are free, and no token of the member works. */
  async withdraw(memberId: number): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      const credentials = await this.#credentials.lock(memberId, transaction);
      if (!credentials) return;
      const now = Date.now();
      await this.#credentials.raiseGeneration(credentials, now, transaction);
      await this.#credentials.setPassword(memberId, null, now, transaction);
      await this.#sessions.revokeAll(memberId, "WITHDRAWAL", transaction);
      await this.#database.execute(sql`DELETE FROM login_identities WHERE member_id = ${memberId}`, {
        transaction,
      });
      await this.#removeRelations(memberId, RELATIONS_AT_ONCE, transaction);
      await this.#erase(memberId, now, transaction);
    });
  }

  /** Removes relations that withdrawals left; answers how many. Each call does a bounded piece of work. */
  async removeLeftRelations(): Promise<number> {
    const left = await this.#database.selectOne<{ member_id: number }>(
      sql`SELECT p.member_id FROM profiles p JOIN members m ON m.id = p.member_id
          WHERE m.is_active = 0 AND (p.followers_count > 0 OR p.followings_count > 0) ORDER BY m.id LIMIT 1`,
    );
    if (!left) return 0;
    return this.#database.transaction((transaction) =>
      this.#removeRelations(left.member_id, RELATIONS_AT_ONCE, transaction),
    );
  }

  /** Removes up to `limit` relations; the counters of both sides stay exact. */
  async #removeRelations(memberId: number, limit: number, transaction: Transaction): Promise<number> {
    // The member's own profile stands for all its relations: nobody can add one while we hold it.
    const relations = await this.#lockRelations(memberId, limit, transaction);
    const followings = relations.filter((row) => row.follower_id === memberId);
    const followers = relations.filter((row) => row.following_id === memberId);
    await this.#inChunks(
      relations.map(({ id }) => id),
      (ids) => this.#database.execute(sql`DELETE FROM follows WHERE id IN ${inList(ids)}`, { transaction }),
    );
    await this.#inChunks(
      followings.map((row) => row.following_id),
      (ids) =>
        this.#database.execute(
          sql`UPDATE profiles SET followers_count = followers_count - 1 WHERE member_id IN ${inList(ids)}`,
          { transaction },
        ),
    );
    await this.#inChunks(
      followers.map((row) => row.follower_id),
      (ids) =>
        this.#database.execute(
          sql`UPDATE profiles SET followings_count = followings_count - 1 WHERE member_id IN ${inList(ids)}`,
          { transaction },
        ),
    );
    await this.#database.execute(
      sql`UPDATE profiles SET followers_count = followers_count - ${followers.length},
                              followings_count = followings_count - ${followings.length}
          WHERE member_id = ${memberId}`,
      { transaction },
    );
    return relations.length;
  }

  /**
   * Locks the profiles of everyone concerned in the order of their ids, as a follow does. Who they are is read
   * before, so it is read again under the locks: a relation may have come or gone in between.
   */
  async #lockRelations(memberId: number, limit: number, transaction: Transaction): Promise<Relation[]> {
    const before = await this.#readRelations(memberId, limit, transaction);
    const people = new Set([memberId, ...before.flatMap((row) => [row.follower_id, row.following_id])]);
    const ordered = [...people].sort((a, b) => a - b);
    await this.#inChunks(ordered, (ids) =>
      this.#database.select(
        sql`SELECT member_id FROM profiles WHERE member_id IN ${inList(ids)} ORDER BY member_id${this.#database.forUpdate}`,
        { transaction },
      ),
    );
    const now = await this.#readRelations(memberId, limit, transaction);
    return now.filter((row) => people.has(row.follower_id) && people.has(row.following_id));
  }

  async #readRelations(memberId: number, limit: number, transaction: Transaction): Promise<Relation[]> {
    return this.#database.select<Relation>(
      sql`SELECT id, follower_id, following_id FROM follows WHERE follower_id = ${memberId}
          UNION ALL
          SELECT id, follower_id, following_id FROM follows WHERE following_id = ${memberId}
          ORDER BY id LIMIT ${integer(limit)}`,
      { transaction },
    );
  }

  async #erase(memberId: number, now: number, transaction: Transaction): Promise<void> {
    await this.#database.execute(
      sql`UPDATE profiles SET handle = NULL, handle_key = NULL, display_name = NULL, bio = NULL, location = NULL,
                              website_url = NULL, birth_date = NULL, gender = NULL, timezone = NULL,
                              country_code = NULL, avatar_url = NULL, cover_url = NULL, updated_at = ${now}
          WHERE member_id = ${memberId}`,
      { transaction },
    );
    await this.#database.execute(
      sql`UPDATE members SET name = NULL, email = NULL, email_key = NULL, is_active = 0, withdrawn_at = ${now},
                             updated_at = ${now}
          WHERE id = ${memberId}`,
      { transaction },
    );
  }

  async #inChunks(ids: readonly number[], work: (ids: readonly number[]) => Promise<unknown>): Promise<void> {
    for (let start = 0; start < ids.length; start += CHUNK) await work(ids.slice(start, start + CHUNK));
  }
}
