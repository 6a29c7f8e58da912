import type { Transaction } from "sequelize";
import { domainError } from "../../contracts/errors.ts";
import type { OutboxWriter } from "../../lib/outbox/outbox-writer.ts";
import type { Database } from "../../lib/sql/database.ts";
import { violates } from "../../lib/sql/failures.ts";
import { sql } from "../../lib/sql/sql.ts";
import type { LoginIdentity } from "./providers/auth-provider.ts";

const EMAIL_KEY = { index: "uq_members_email", columns: ["email_key"] };
const HANDLE_KEY = { index: "uq_profiles_handle", columns: ["handle_key"] };
const IDENTITY_KEY = { index: "uq_login_identities_subject", columns: ["provider", "subject"] };

/** A member to be: the profile's fields as they are stored. */
export interface NewAccount {
  readonly email: string;
  readonly passwordHash: string;
  readonly memberName: string;
  readonly handle: string;
  readonly handleKey: string;
  readonly profile: {
    readonly displayName: string | null;
    readonly bio: string | null;
    readonly location: string | null;
    readonly websiteUrl: string | null;
    readonly birthDate: string | null;
    readonly gender: string | null;
    readonly timezone: string | null;
    readonly languageCode: string;
    readonly countryCode: string | null;
    readonly privacyLevel: string;
    readonly avatarUrl: string | null;
    readonly coverUrl: string | null;
  };
}

/**
 * Makes accounts. The one place besides withdrawal where auth writes member's tables: a member without
 * a way to log in, or the other way round, must never exist.
 */
export class AccountRepository {
  readonly #database: Database;
  readonly #outbox: OutboxWriter;

  constructor(database: Database, outbox: OutboxWriter) {
    this.#database = database;
    this.#outbox = outbox;
  }

  /** @throws MEMBER_ALREADY_EXISTS, MEMBER_HANDLE_ALREADY_EXISTS */
  async createOrThrow(
    account: NewAccount,
    identity: LoginIdentity,
    requestId: string | null,
  ): Promise<number> {
    try {
      return await this.#database.transaction(async (transaction) => {
        const memberId = await this.#insert(account, identity, transaction);
        const event = { type: "MEMBER_SIGNUP", memberId, at: Date.now() } as const;
        await this.#outbox.append([event], { transaction, requestId });
        return memberId;
      });
    } catch (error) {
      if (violates(error, EMAIL_KEY) || violates(error, IDENTITY_KEY))
        throw domainError("MEMBER_ALREADY_EXISTS");
      if (violates(error, HANDLE_KEY)) throw domainError("MEMBER_HANDLE_ALREADY_EXISTS");
      throw error;
    }
  }

  /** The e-mail as the member wrote it. */
  async findEmail(memberId: number): Promise<string | null> {
    const row = await this.#database.selectOne<{ email: string | null }>(
      sql`SELECT email FROM members WHERE id = ${memberId}`,
    );
    return row?.email ?? null;
  }

  async #insert(account: NewAccount, identity: LoginIdentity, transaction: Transaction): Promise<number> {
    const now = Date.now();
    const { profile } = account;
    const memberId = await this.#database.insert(
      sql`INSERT INTO members (name, email, email_key, is_active, created_at, updated_at)
          VALUES (${account.memberName}, ${account.email}, ${account.email.toLowerCase()}, 1, ${now}, ${now})`,
      { transaction },
    );
    await this.#database.insert(
      sql`INSERT INTO profiles (member_id, handle, handle_key, display_name, bio, location, website_url, birth_date,
                                gender, timezone, language_code, country_code, verification_status, privacy_level,
                                avatar_url, cover_url, followers_count, followings_count, created_at, updated_at)
          VALUES (${memberId}, ${account.handle}, ${account.handleKey}, ${profile.displayName}, ${profile.bio},
                  ${profile.location}, ${profile.websiteUrl}, ${profile.birthDate}, ${profile.gender},
                  ${profile.timezone}, ${profile.languageCode}, ${profile.countryCode}, 'UNVERIFIED',
                  ${profile.privacyLevel}, ${profile.avatarUrl}, ${profile.coverUrl}, 0, 0, ${now}, ${now})`,
      { transaction },
    );
    await this.#database.insert(
      sql`INSERT INTO login_identities (provider, subject, member_id, created_at)
          VALUES (${identity.provider}, ${identity.subject}, ${memberId}, ${now})`,
      { transaction },
    );
    await this.#database.insert(
      sql`INSERT INTO member_credentials (member_id, password_hash, session_generation, updated_at)
          VALUES (${memberId}, ${account.passwordHash}, 0, ${now})`,
      { transaction },
    );
    return memberId;
  }
}
