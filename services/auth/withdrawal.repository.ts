import type { Transaction } from "sequelize";
import { DEFAULT_LANGUAGE_CODE, DEFAULT_PRIVACY_LEVEL } from "../../contracts/dto/profile-fields.ts";
import { domainError } from "../../contracts/errors.ts";
import type { OutboxWriter } from "../../lib/outbox/outbox-writer.ts";
import type { Database } from "../../lib/sql/database.ts";
import { inList, integer, type Sql, sql } from "../../lib/sql/sql.ts";
import type { CredentialRepository, Credentials } from "./credential.repository.ts";
import type { SessionRepository } from "./session.repository.ts";

/** Follow relations removed in the withdrawal itself; a member with more is finished by a job. */
const RELATIONS_AT_ONCE = 10_000;
/**
 * Rows a statement names at most. MariaDB reads longer lists (1,000 and more) as a table to join, in an order of its own,
 * and the profiles must be locked in the order of their ids.
 */
const CHUNK = 512;

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
  readonly #outbox: OutboxWriter;

  constructor(
    database: Database,
    credentials: CredentialRepository,
    sessions: SessionRepository,
    outbox: OutboxWriter,
  ) {
    this.#database = database;
    this.#credentials = credentials;
    this.#sessions = sessions;
    this.#outbox = outbox;
  }

  /**
   * One transaction: afterwards the e-mail and the handle are free, and no token of the member works.
   * Answers the generation that ended them all. `verified`: the credentials that the password was compared with.
   * @throws MEMBER_PASSWORD_INVALID when they are no longer the member's
   */
  async withdrawOrThrow(verified: Credentials, requestId: string | null): Promise<number> {
    const { memberId } = verified;
    return this.#database.transaction(async (transaction) => {
      const credentials = await this.#credentials.lock(memberId, transaction);
      if (credentials?.passwordHash !== verified.passwordHash) throw domainError("MEMBER_PASSWORD_INVALID");
      const now = Date.now();
      const generation = await this.#credentials.raiseGeneration(credentials, now, transaction);
      await this.#credentials.setPassword(memberId, null, now, transaction);
      await this.#sessions.revokeAll(memberId, "WITHDRAWAL", transaction);
      await this.#database.execute(sql`DELETE FROM login_identities WHERE member_id = ${memberId}`, {
        transaction,
      });
      await this.#removeRelations(memberId, RELATIONS_AT_ONCE, transaction);
      await this.#erase(memberId, now, transaction);
      const event = { type: "MEMBER_WITHDRAW", memberId, at: now } as const;
      await this.#outbox.append([event], { transaction, requestId });
      return generation;
    });
  }

  /** Removes relations that withdrawals left; answers how many. Each call does a bounded piece of work. */
  async removeLeftRelations(): Promise<number> {
    const left = await this.#database.selectOne<{ member_id: number }>(
      sql`SELECT p.member_id FROM profiles p JOIN members m ON m.id = p.member_id
          WHERE m.is_active = 0 AND (p.followers_count > 0 OR p.followings_count > 0) ORDER BY m.id LIMIT 1`,
    );
    if (!left) return 0;
    return this.#database.transaction(async (transaction) => {
      const removed = await this.#removeRelations(left.member_id, RELATIONS_AT_ONCE, transaction);
      if (removed === 0) await this.#settleCounters(left.member_id, transaction);
      return removed;
    });
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

  /** Followings first: they are few, whoever the member is. */
  async #readRelations(memberId: number, limit: number, transaction: Transaction): Promise<Relation[]> {
    const read = (condition: Sql, count: number) =>
      this.#database.select<Relation>(
        sql`SELECT id, follower_id, following_id FROM follows WHERE ${condition}
            ORDER BY id LIMIT ${integer(count)}`,
        { transaction },
      );
    const followings = await read(sql`follower_id = ${memberId}`, limit);
    return [...followings, ...(await read(sql`following_id = ${memberId}`, limit - followings.length))];
  }

  /** A withdrawn member without relations must not be looked at again. */
  async #settleCounters(memberId: number, transaction: Transaction): Promise<void> {
    await this.#database.execute(
      sql`UPDATE profiles SET followers_count = 0, followings_count = 0 WHERE member_id = ${memberId}
            AND NOT EXISTS (SELECT 1 FROM follows WHERE follower_id = ${memberId} OR following_id = ${memberId})`,
      { transaction },
    );
  }

  async #erase(memberId: number, now: number, transaction: Transaction): Promise<void> {
    await this.#database.execute(
      sql`UPDATE profiles SET handle = NULL, handle_key = NULL, display_name = NULL, bio = NULL, location = NULL,
                              website_url = NULL, birth_date = NULL, gender = NULL, timezone = NULL,
                              language_code = ${DEFAULT_LANGUAGE_CODE}, country_code = NULL,
                              privacy_level = ${DEFAULT_PRIVACY_LEVEL}, avatar_url = NULL, cover_url = NULL,
                              updated_at = ${now}
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
