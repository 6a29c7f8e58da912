import type { Transaction } from "sequelize";
import type { Database } from "../../lib/sql/database.ts";
import { sql } from "../../lib/sql/sql.ts";

export interface Credentials {
  readonly memberId: number;
  readonly passwordHash: string | null;
  readonly generation: number;
}

interface CredentialRow {
  readonly member_id: number;
  readonly password_hash: string | null;
  readonly session_generation: number;
}

const fromRow = (row: CredentialRow): Credentials => ({
  memberId: row.member_id,
  passwordHash: row.password_hash,
  generation: row.session_generation,
});

/** Passwords and session generations of living members. Its row is the first that any session's transaction locks. */
export class CredentialRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async findByIdentity(provider: string, subject: string): Promise<Credentials | undefined> {
    const row = await this.#database.selectOne<CredentialRow>(
      sql`SELECT c.member_id, c.password_hash, c.session_generation
          FROM login_identities i JOIN member_credentials c ON c.member_id = i.member_id
          WHERE i.provider = ${provider} AND i.subject = ${subject}`,
    );
    return row && fromRow(row);
  }

  async find(memberId: number): Promise<Credentials | undefined> {
    const row = await this.#database.selectOne<CredentialRow>(
      sql`SELECT member_id, password_hash, session_generation FROM member_credentials WHERE member_id = ${memberId}`,
    );
    return row && fromRow(row);
  }

  /**
   * Locks the member's credentials, and thereby everything that starts or ends a session of the member.
   * Undefined for one who is no longer active.
   */
  async lock(memberId: number, transaction: Transaction): Promise<Credentials | undefined> {
    const row = await this.#database.selectOne<CredentialRow>(
      sql`SELECT member_id, password_hash, session_generation FROM member_credentials
          WHERE member_id = ${memberId}
            AND (SELECT is_active FROM members WHERE id = member_credentials.member_id) = 1${this.#database.forUpdate}`,
      { transaction },
    );
    return row && fromRow(row);
  }

  /** Makes every access token issued so far invalid; answers the new generation. */
  async raiseGeneration(credentials: Credentials, now: number, transaction: Transaction): Promise<number> {
    const generation = credentials.generation + 1;
    await this.#database.execute(
      sql`UPDATE member_credentials SET session_generation = ${generation}, generation_raised_at = ${now}, updated_at = ${now}
          WHERE member_id = ${credentials.memberId}`,
      { transaction },
    );
    return generation;
  }

  async setPassword(
    memberId: number,
    passwordHash: string | null,
    now: number,
    transaction: Transaction,
  ): Promise<void> {
    await this.#database.execute(
      sql`UPDATE member_credentials SET password_hash = ${passwordHash}, updated_at = ${now} WHERE member_id = ${memberId}`,
      { transaction },
    );
  }
}
