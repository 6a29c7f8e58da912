import { DataTypes } from "sequelize";
import * as c from "./migration.ts";

/** Owner: member. */
export const members: c.Migration = {
  name: "0001-members",
  async up(schema) {
    await schema.createTable(
      "members",
      {
        id: c.id,
        name: c.optionalText(30),
        email: c.optionalText(100),
        email_key: c.keyText(schema, 100, "optional"),
        is_active: c.flag(1),
        created_at: c.time,
        updated_at: c.time,
        withdrawn_at: c.optionalTime,
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(schema, "members", { uq_members_email: ["email_key"] }, "unique");
    await c.addIndexes(schema, "members", { ix_members_active: ["is_active", "id"] });

    await schema.createTable(
      "profiles",
      {
        member_id: { type: DataTypes.BIGINT, primaryKey: true, allowNull: false },
        handle: c.optionalText(50),
        handle_key: c.keyText(schema, 50, "optional"),
        display_name: c.optionalText(50),
        bio: c.optionalText(500),
        location: c.optionalText(100),
        website_url: c.optionalText(200),
        birth_date: c.optionalText(10),
        gender: c.optionalText(20),
        timezone: c.optionalText(64),
        language_code: c.text(5),
        country_code: c.optionalText(2),
        verification_status: c.text(20),
        privacy_level: c.text(10),
        avatar_url: c.optionalText(500),
        cover_url: c.optionalText(500),
        followers_count: c.count,
        followings_count: c.count,
        created_at: c.time,
        updated_at: c.time,
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(schema, "profiles", { uq_profiles_handle: ["handle_key"] }, "unique");

    await schema.createTable(
      "follows",
      { id: c.id, follower_id: c.reference, following_id: c.reference, created_at: c.time },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(schema, "follows", { uq_follows_pair: ["follower_id", "following_id"] }, "unique");
    await c.addIndexes(schema, "follows", {
      ix_follows_follower: ["follower_id", "id"],
      ix_follows_following: ["following_id", "id"],
    });
  },
  down: (schema) => c.dropTables(schema, "follows", "profiles", "members"),
};
