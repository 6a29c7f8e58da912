import { DataTypes } from "sequelize";
import * as c from "./migration.ts";

/** Owner: content. */
export const content: c.Migration = {
  name: "0003-content",
  async up(schema) {
    await schema.createTable(
      "posts",
      {
        id: c.id,
        author_id: c.reference,
        title: c.optionalText(100),
        content: { type: DataTypes.TEXT, allowNull: false },
        view_count: c.count,
        like_count: c.count,
        comment_count: c.count,
        score: c.count,
        is_deleted: c.flag(0),
        created_at: c.time,
        updated_at: c.time,
        deleted_at: c.optionalTime,
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(schema, "posts", {
      ix_posts_recent: ["is_deleted", "id"],
      ix_posts_author: ["author_id", "is_deleted", "id"],
      ix_posts_score: ["is_deleted", "score", "id"],
      ix_posts_commented: ["is_deleted", "comment_count", "id"],
      ix_posts_created: ["is_deleted", "created_at", "id"],
    });

    await schema.createTable(
      "comments",
      {
        id: c.id,
        post_id: c.reference,
        author_id: c.reference,
        parent_id: { type: DataTypes.BIGINT, allowNull: true },
        root_id: { type: DataTypes.BIGINT, allowNull: true },
        depth: { type: DataTypes.TINYINT, allowNull: false },
        content: { type: DataTypes.TEXT, allowNull: false },
        like_count: c.count,
        reply_count: c.count,
        is_deleted: c.flag(0),
        created_at: c.time,
        updated_at: c.time,
        deleted_at: c.optionalTime,
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(schema, "comments", {
      ix_comments_post: ["post_id", "depth", "is_deleted", "id"],
      ix_comments_parent: ["parent_id", "is_deleted", "id"],
      ix_comments_root: ["root_id", "is_deleted"],
      ix_comments_author: ["author_id", "is_deleted", "id"],
    });

    const like = (target: string) => ({
      id: c.id,
      [target]: c.reference,
      member_id: c.reference,
      created_at: c.time,
    });
    await schema.createTable("post_likes", like("post_id"), c.TABLE_OPTIONS);
    await c.addIndexes(schema, "post_likes", { uq_post_likes_once: ["post_id", "member_id"] }, "unique");
    await schema.createTable("comment_likes", like("comment_id"), c.TABLE_OPTIONS);
    await c.addIndexes(
      schema,
      "comment_likes",
      { uq_comment_likes_once: ["comment_id", "member_id"] },
      "unique",
    );

    await schema.createTable(
      "post_views",
      {
        post_id: { type: DataTypes.BIGINT, primaryKey: true, allowNull: false },
        member_id: { type: DataTypes.BIGINT, primaryKey: true, allowNull: false },
        viewed_at: c.time,
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(schema, "post_views", { ix_post_views_time: ["viewed_at"] });
  },
  down: (schema) => c.dropTables(schema, "post_views", "comment_likes", "post_likes", "comments", "posts"),
};
