import { handleKeyOf } from "../../contracts/dto/profile-fields.ts";
import type { SearchableMemberDto } from "../../contracts/dto/search.ts";
import { domainError } from "../../contracts/errors.ts";
import type { PageRequest } from "../../lib/paging/page-request.ts";
import type { Database } from "../../lib/sql/database.ts";
import { inList, integer, NO_SQL, type Sql, sql } from "../../lib/sql/sql.ts";
import type { ProfileRow, SummaryRow } from "./member.mapper.ts";

const SUMMARY_COLUMNS = sql`
  p.member_id AS memberId, m.name, p.handle, p.display_name AS displayName, p.bio,
  p.verification_status AS verificationStatus, p.avatar_url AS avatarUrl,
  p.followers_count AS followersCount, p.followings_count AS followingsCount, p.updated_at AS updatedAt,
  CASE WHEN mine.id IS NULL THEN 0 ELSE 1 END AS following`;

const PROFILE_COLUMNS = sql`${SUMMARY_COLUMNS},
  m.email, p.location, p.website_url AS websiteUrl, p.birth_date AS birthDate, p.gender, p.timezone,
  p.language_code AS languageCode, p.country_code AS countryCode, p.privacy_level AS privacyLevel,
  p.cover_url AS coverUrl, m.created_at AS createdAt,
  CASE WHEN theirs.id IS NULL THEN 0 ELSE 1 END AS followsReader`;

/** Reads of members and profiles. Members who have withdrawn don't exist here. */
export class MemberRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws MEMBER_NOT_FOUND */
  async findNameOrThrow(memberId: number): Promise<{ id: number; name: string }> {
    const row = await this.#database.selectOne<{ id: number; name: string }>(
      sql`SELECT m.id, COALESCE(p.display_name, p.handle) AS name
          FROM members m JOIN profiles p ON p.member_id = m.id
          WHERE m.id = ${memberId} AND m.is_active = 1`,
    );
    return foundOrThrow(row);
  }

  /** @throws MEMBER_NOT_FOUND */
  async assertExistsOrThrow(memberId: number): Promise<void> {
    foundOrThrow(
      await this.#database.selectOne(sql`SELECT id FROM members WHERE id = ${memberId} AND is_active = 1`),
    );
  }

  /** @throws MEMBER_NOT_FOUND */
  async findSummaryOrThrow(memberId: number, readerId: number): Promise<SummaryRow> {
    return foundOrThrow((await this.listSummaries([memberId], readerId))[0]);
  }

  /** In the order of the ids, which must not repeat; unknown ones are left out. One statement. */
  async listSummaries(memberIds: readonly number[], readerId: number): Promise<SummaryRow[]> {
    if (memberIds.length === 0) return [];
    const rows = await this.#database.select<SummaryRow>(
      sql`SELECT ${SUMMARY_COLUMNS}
          FROM profiles p JOIN members m ON m.id = p.member_id ${followOf(readerId)}
          WHERE p.member_id IN ${inList(memberIds)} AND m.is_active = 1`,
    );
    const byId = new Map(rows.map((row) => [row.memberId, row]));
    return memberIds.flatMap((id) => byId.get(id) ?? []);
  }

  /** What search takes of members. */
  async listSearchable(memberIds: readonly number[]): Promise<SearchableMemberDto[]> {
    if (memberIds.length === 0) return [];
    return this.#database.select<SearchableMemberDto>(
      sql`SELECT m.id, p.handle, COALESCE(p.display_name, p.handle) AS displayName
          FROM members m JOIN profiles p ON p.member_id = m.id
          WHERE m.id IN ${inList(memberIds)} AND m.is_active = 1`,
    );
  }

  /** Ids of all members, ascending. */
  async listIdsAfter(afterId: number, limit: number): Promise<number[]> {
    const rows = await this.#database.select<{ id: number }>(
      sql`SELECT m.id FROM members m${this.#database.byIndex("ix_members_active")}
          WHERE m.is_active = 1 AND m.id > ${afterId} ORDER BY m.id LIMIT ${integer(limit)}`,
    );
    return rows.map(({ id }) => id);
  }

  /** Everyone the reader follows, newest relation first; the follow limit bounds them. */
  async listFollowedSummaries(readerId: number): Promise<SummaryRow[]> {
    return this.#database.select<SummaryRow>(
      sql`SELECT ${SUMMARY_COLUMNS}
          FROM follows mine JOIN profiles p ON p.member_id = mine.following_id
          JOIN members m ON m.id = p.member_id
          WHERE mine.follower_id = ${readerId} AND m.is_active = 1
          ORDER BY mine.id DESC`,
    );
  }

  /** @throws MEMBER_NOT_FOUND */
  async findProfileOrThrow(memberId: number, readerId: number): Promise<ProfileRow> {
    return this.#findProfileOrThrow(sql`p.member_id = ${memberId}`, readerId);
  }

  /** @throws MEMBER_NOT_FOUND */
  async findProfileByHandleOrThrow(handle: string, readerId: number): Promise<ProfileRow> {
    return this.#findProfileOrThrow(sql`p.handle_key = ${handleKeyOf(handle)}`, readerId);
  }

  async #findProfileOrThrow(condition: Sql, readerId: number): Promise<ProfileRow> {
    const row = await this.#database.selectOne<ProfileRow>(
      sql`SELECT ${PROFILE_COLUMNS}
          FROM profiles p JOIN members m ON m.id = p.member_id ${followOf(readerId)}
          LEFT JOIN follows theirs ON theirs.follower_id = p.member_id AND theirs.following_id = ${readerId}
          WHERE ${condition} AND m.is_active = 1`,
    );
    return foundOrThrow(row);
  }

  /** Ids of members the reader doesn't follow yet, newest first; `size + 1` of them. */
  async listNewbieIds(
    readerId: number,
    { after, offset, size }: PageRequest<readonly [number]>,
  ): Promise<{ id: number }[]> {
    return this.#database.select<{ id: number }>(
      sql`SELECT m.id FROM members m${this.#database.byIndex("ix_members_active")}
          WHERE m.is_active = 1 AND m.id <> ${readerId} ${after ? sql`AND m.id < ${after[0]}` : NO_SQL}
            AND NOT EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = ${readerId} AND f.following_id = m.id)
          ORDER BY m.id DESC LIMIT ${integer(size + 1)} OFFSET ${integer(offset)}`,
    );
  }

  /** How many there are in `listNewbieIds`' whole list. */
  async countNewbies(readerId: number): Promise<number> {
    const row = await this.#database.selectOne<{ total: number }>(
      sql`SELECT (SELECT COUNT(*) FROM members WHERE is_active = 1 AND id <> ${readerId})
               - (SELECT COUNT(*) FROM follows f JOIN members m ON m.id = f.following_id
                  WHERE f.follower_id = ${readerId} AND m.is_active = 1) AS total`,
    );
    return row?.total ?? 0;
  }
}

/** Joins the reader's follow of the member, if there is one, as `mine`. */
function followOf(readerId: number): Sql {
  return sql`LEFT JOIN follows mine ON mine.follower_id = ${readerId} AND mine.following_id = p.member_id`;
}

function foundOrThrow<T>(row: T | undefined): T {
  if (row === undefined) throw domainError("MEMBER_NOT_FOUND");
  return row;
}
