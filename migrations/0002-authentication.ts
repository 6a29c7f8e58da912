import { DataTypes } from "sequelize";
import * as c from "./migration.ts";

/** Owner: auth. */
export const authentication: c.Migration = {
  name: "0002-authentication",
  async up(schema) {
    await schema.createTable(
      "login_identities",
      {
        id: c.id,
        provider: c.keyText(schema, 20),
        subject: c.keyText(schema, 190),
        member_id: c.reference,
        created_at: c.time,
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(
      schema,
      "login_identities",
      { uq_login_identities_subject: ["provider", "subject"] },
      "unique",
    );
    await c.addIndexes(schema, "login_identities", { ix_login_identities_member: ["member_id"] });

    await schema.createTable(
      "member_credentials",
      {
        member_id: { type: DataTypes.BIGINT, primaryKey: true, allowNull: false },
        password_hash: c.optionalText(200),
        session_generation: c.count,
        generation_raised_at: c.optionalTime,
        updated_at: c.time,
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(schema, "member_credentials", {
      ix_member_credentials_raised: ["generation_raised_at"],
    });

    await schema.createTable(
      "refresh_tokens",
      {
        id: c.id,
        member_id: c.reference,
        session_id: c.keyText(schema, 36),
        token_hash: c.keyText(schema, 64),
        access_jti: c.keyText(schema, 36),
        access_expires_at: c.time,
        session_generation: c.count,
        created_at: c.time,
        expires_at: c.time,
        revoked_at: c.optionalTime,
        revoked_reason: c.optionalText(20),
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(
      schema,
      "refresh_tokens",
      { uq_refresh_tokens_hash: ["token_hash"], uq_refresh_tokens_jti: ["access_jti"] },
      "unique",
    );
    await c.addIndexes(schema, "refresh_tokens", {
      ix_refresh_tokens_member: ["member_id", "revoked_at"],
      ix_refresh_tokens_session: ["session_id", "revoked_at"],
      ix_refresh_tokens_expiry: ["expires_at"],
    });

    await schema.createTable(
      "jwt_keys",
      {
        id: c.id,
        kid: c.keyText(schema, 36),
        secret: c.keyText(schema, 64),
        primary_slot: { type: DataTypes.TINYINT, allowNull: true },
        is_active: c.flag(1),
        created_at: c.time,
        expires_at: c.optionalTime,
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(
      schema,
      "jwt_keys",
      { uq_jwt_keys_kid: ["kid"], uq_jwt_keys_primary: ["primary_slot"] },
      "unique",
    );
    await c.addIndexes(schema, "jwt_keys", { ix_jwt_keys_expiry: ["expires_at"] });

    await schema.createTable(
      "jwt_blacklist",
      {
        id: c.id,
        jti: c.keyText(schema, 36),
        member_id: c.reference,
        created_at: c.time,
        expires_at: c.time,
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(schema, "jwt_blacklist", { uq_jwt_blacklist_jti: ["jti"] }, "unique");
    await c.addIndexes(schema, "jwt_blacklist", {
      ix_jwt_blacklist_created: ["created_at"],
      ix_jwt_blacklist_expiry: ["expires_at"],
    });
  },
  down: (schema) =>
    c.dropTables(
      schema,
      "jwt_blacklist",
      "jwt_keys",
      "refresh_tokens",
      "member_credentials",
      "login_identities",
    ),
};
