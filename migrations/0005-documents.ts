import { DataTypes } from "sequelize";
import * as c from "./migration.ts";

/** What MongoDB holds where there is one. Owners: activity; dead letters belong to whoever gives up. */
export const documents: c.Migration = {
  name: "0005-documents",
  async up(schema) {
    const documentId = { ...c.keyText(schema, 36), primaryKey: true };
    const optionalReference = { type: DataTypes.BIGINT, allowNull: true };
    const longText = { type: c.isMysql(schema) ? "LONGTEXT" : "TEXT" };

    await schema.createTable(
      "member_activities",
      {
        id: documentId,
        message_key: c.keyText(schema, 255),
        event_id: c.keyText(schema, 36),
        member_id: c.reference,
        post_id: optionalReference,
        comment_id: optionalReference,
        member_activity_type: c.keyText(schema, 30),
        created_at: c.time,
        updated_at: c.time,
        corrected_at: c.optionalTime,
        deleted_at: c.optionalTime,
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(
      schema,
      "member_activities",
      { uq_member_activities_message_key: ["message_key"] },
      "unique",
    );
    await c.addIndexes(schema, "member_activities", {
      ix_member_activities_member: ["member_id", "created_at", "id"],
      ix_member_activities_type: ["member_id", "member_activity_type", "created_at", "id"],
    });

    await schema.createTable(
      "dead_letters",
      {
        id: documentId,
        side: c.keyText(schema, 10),
        consumer: c.keyText(schema, 100, "optional"),
        message_key: c.keyText(schema, 255, "optional"),
        event_id: c.keyText(schema, 36, "optional"),
        topic: c.keyText(schema, 249, "optional"),
        partition_no: { type: DataTypes.INTEGER, allowNull: true },
        payload: { ...longText, allowNull: false },
        payload_encoding: c.keyText(schema, 6),
        category: c.keyText(schema, 40),
        reason: c.text(1_000),
        error: { ...longText, allowNull: true },
        attempts: c.count,
        is_completed: c.flag(0),
        discarded_at: c.optionalTime,
        available_at: c.time,
        claim: c.keyText(schema, 36, "optional"),
        created_at: c.time,
        updated_at: c.time,
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(schema, "dead_letters", {
      ix_dead_letters_open: ["side", "is_completed", "created_at", "id"],
      ix_dead_letters_claim: ["claim"],
    });
  },
  down: (schema) => c.dropTables(schema, "dead_letters", "member_activities"),
};
