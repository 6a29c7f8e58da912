import { domainError } from "../../contracts/errors.ts";
import type { Database } from "../../lib/sql/database.ts";
import { sql } from "../../lib/sql/sql.ts";

/** The members whose lists are read. */
export class AuthorRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws MEMBER_NOT_FOUND for one who never was or has withdrawn */
  async assertExistsOrThrow(memberId: number): Promise<void> {
    const member = await this.#database.selectOne(
      sql`SELECT member_id AS memberId FROM profiles WHERE member_id = ${memberId} AND handle IS NOT NULL`,
    );
    if (!member) throw domainError("MEMBER_NOT_FOUND");
  }
}
