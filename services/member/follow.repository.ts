import type { Transaction } from "sequelize";
import type { Caller } from "../../contracts/action.ts";
import { domainError } from "../../contracts/errors.ts";
import type { OutboxWriter } from "../../lib/outbox/outbox-writer.ts";
import type { PageRequest } from "../../lib/paging/page-request.ts";
import type { Database } from "../../lib/sql/database.ts";
import { violates } from "../../lib/sql/failures.ts";
import { integer, NO_SQL, sql, trusted } from "../../lib/sql/sql.ts";
import type { MemberModels } from "./member.models.ts";

/** How many members one may follow. */
export const FOLLOW_LIMIT = 1_000;

const PAIR_KEY = { index: "uq_follows_pair", columns: ["follower_id", "following_id"] };

/** Which side of a member's relations a list shows. */
export type FollowSide = "followers" | "followings";

const SIDES = {
  followers: {
    index: "ix_follows_following",
    own: trusted("f.following_id"),
    other: trusted("f.follower_id"),
  },
  followings: {
    index: "ix_follows_follower",
    own: trusted("f.follower_id"),
    other: trusted("f.following_id"),
  },
};

/** A follow relation with the member on the other side of it. */
export interface Relation {
  readonly id: number;
  readonly memberId: number;
}

interface Parties {
  readonly follower: { readonly followingsCount: number } | undefined;
  readonly target: object | undefined;
}

/** Who follows whom, and the two counters that go with it. */
export class FollowRepository {
  readonly #database: Database;
  readonly #models: MemberModels;
  readonly #outbox: OutboxWriter;

  constructor(database: Database, models: MemberModels, outbox: OutboxWriter) {
    this.#database = database;
    this.#models = models;
    this.#outbox = outbox;
  }

  /**
   * @throws FOLLOW_LIMIT_EXCEEDS (asked first), MEMBER_NOT_FOUND, FOLLOW_RELATIONSHIP_ALREADY_EXISTS
   */
  async followOrThrow(caller: Caller, targetId: number): Promise<void> {
    const followerId = caller.id;
    try {
      await this.#database.transaction(async (transaction) => {
        const { follower, target } = await this.#lockParties(followerId, targetId, transaction);
        if (follower && follower.followingsCount >= FOLLOW_LIMIT) throw domainError("FOLLOW_LIMIT_EXCEEDS");
        if (!follower || !target) throw domainError("MEMBER_NOT_FOUND");
        await this.#models.Follow.create(
          { followerId, followingId: targetId, createdAt: Date.now() },
          { transaction },
        );
        await this.#count(followerId, targetId, 1, transaction);
        await this.#tell("MEMBER_FOLLOW", caller, targetId, transaction);
      });
    } catch (error) {
      throw violates(error, PAIR_KEY) ? domainError("FOLLOW_RELATIONSHIP_ALREADY_EXISTS") : error;
    }
  }

  /** @throws MEMBER_NOT_FOUND, FOLLOW_RELATIONSHIP_NOT_FOUND */
  async unfollowOrThrow(caller: Caller, targetId: number): Promise<void> {
    const followerId = caller.id;
    await this.#database.transaction(async (transaction) => {
      const { follower, target } = await this.#lockParties(followerId, targetId, transaction);
      if (!follower || !target) throw domainError("MEMBER_NOT_FOUND");
      const where = { followerId, followingId: targetId };
      const removed = await this.#models.Follow.destroy({ where, transaction });
      if (removed === 0) throw domainError("FOLLOW_RELATIONSHIP_NOT_FOUND");
      await this.#count(followerId, targetId, -1, transaction);
      await this.#tell("MEMBER_UNFOLLOW", caller, targetId, transaction);
    });
  }

  /**
   * Relations of a member, newest first, without those of withdrawn members; `size + 1` of them.
   * With a join in place of the subquery MariaDB reads and sorts all followers of a member who has many.
   */
  async list(
    side: FollowSide,
    memberId: number,
    { after, offset, size }: PageRequest<readonly [number]>,
  ): Promise<Relation[]> {
    const { index, own, other } = SIDES[side];
    return this.#database.select<Relation>(
      sql`SELECT f.id, ${other} AS memberId FROM follows f${this.#database.byIndex(index)}
          WHERE ${own} = ${memberId} ${after ? sql`AND f.id < ${after[0]}` : NO_SQL}
            AND (SELECT m.is_active FROM members m WHERE m.id = ${other}) = 1
          ORDER BY f.id DESC LIMIT ${integer(size + 1)} OFFSET ${integer(offset)}`,
    );
  }

  /** Everyone active whom the member follows, newest relation first. */
  async listFollowingIds(memberId: number): Promise<number[]> {
    const rows = await this.#database.select<{ memberId: number }>(
      sql`SELECT f.following_id AS memberId FROM follows f JOIN members m ON m.id = f.following_id
          WHERE f.follower_id = ${memberId} AND m.is_active = 1
          ORDER BY f.id DESC LIMIT ${integer(FOLLOW_LIMIT)}`,
    );
    return rows.map((row) => row.memberId);
  }

  /**
   * Locks both profiles in the order of their ids, whoever follows whom: two members who follow each other at the
   * same time wait instead of deadlocking. With the follower's row locked its count can't move, so the limit is exact.
   */
  async #lockParties(followerId: number, targetId: number, transaction: Transaction): Promise<Parties> {
    const [low, high] = [Math.min(followerId, targetId), Math.max(followerId, targetId)];
    const rows = await this.#database.select<{ memberId: number; followingsCount: number }>(
      sql`SELECT member_id AS memberId, followings_count AS followingsCount FROM profiles
          WHERE member_id IN (${low}, ${high}) AND handle IS NOT NULL
          ORDER BY member_id${this.#database.forUpdate}`,
      { transaction },
    );
    return {
      follower: rows.find(({ memberId }) => memberId === followerId),
      target: rows.find(({ memberId }) => memberId === targetId),
    };
  }

  async #tell(
    type: "MEMBER_FOLLOW" | "MEMBER_UNFOLLOW",
    caller: Caller,
    otherMemberId: number,
    transaction: Transaction,
  ): Promise<void> {
    const event = { type, memberId: caller.id, otherMemberId, at: Date.now() };
    await this.#outbox.append([event], { transaction, requestId: caller.requestId });
  }

  async #count(
    followerId: number,
    targetId: number,
    difference: 1 | -1,
    transaction: Transaction,
  ): Promise<void> {
    await this.#database.execute(
      sql`UPDATE profiles SET followings_count = followings_count + ${difference} WHERE member_id = ${followerId}`,
      { transaction },
    );
    await this.#database.execute(
      sql`UPDATE profiles SET followers_count = followers_count + ${difference} WHERE member_id = ${targetId}`,
      { transaction },
    );
  }
}
