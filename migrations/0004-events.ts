import { DataTypes } from "sequelize";
import * as c from "./migration.ts";

const partition = { type: DataTypes.INTEGER, allowNull: false };

/** Owners: the outbox, the leases and the embedded event log (lib/outbox, lib/leases, lib/event-log). */
export const events: c.Migration = {
  name: "0004-events",
  async up(schema) {
    const topic = c.keyText(schema, 100);
    const partOfKey = { primaryKey: true, allowNull: false };

    await schema.createTable(
      "event_outbox",
      {
        id: c.id,
        event_id: c.keyText(schema, 36),
        family: c.text(40),
        partition_no: partition,
        message_key: c.keyText(schema, 255),
        type: c.text(30),
        payload: { type: DataTypes.TEXT, allowNull: false },
        request_id: c.optionalText(128),
        status: c.flag(0),
        attempts: c.count,
        next_attempt_at: c.count,
        topic: c.optionalText(100),
        created_at: c.time,
        sent_at: c.optionalTime,
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(schema, "event_outbox", { uq_event_outbox_event: ["event_id"] }, "unique");
    await c.addIndexes(schema, "event_outbox", { ix_event_outbox_pending: ["status", "partition_no", "id"] });

    await schema.createTable(
      "leases",
      {
        name: { ...c.keyText(schema, 150), ...partOfKey },
        owner: c.text(150),
        fence: c.count,
        leased_until: c.time,
      },
      c.TABLE_OPTIONS,
    );

    await schema.createTable(
      "event_log",
      {
        topic: { ...topic, ...partOfKey },
        partition_no: { ...partition, ...partOfKey },
        position: { type: DataTypes.BIGINT, ...partOfKey },
        message_key: c.keyText(schema, 255),
        value: { type: DataTypes.TEXT, allowNull: false },
        headers: { type: DataTypes.TEXT, allowNull: false },
        created_at: c.time,
      },
      c.TABLE_OPTIONS,
    );

    await schema.createTable(
      "event_log_ends",
      {
        topic: { ...topic, ...partOfKey },
        partition_no: { ...partition, ...partOfKey },
        position: c.count,
      },
      c.TABLE_OPTIONS,
    );

    await schema.createTable(
      "consumer_offsets",
      {
        group_id: { ...c.keyText(schema, 100), ...partOfKey },
        topic: { ...topic, ...partOfKey },
        partition_no: { ...partition, ...partOfKey },
        position: c.count,
        updated_at: c.time,
      },
      c.TABLE_OPTIONS,
    );
  },
  down: (schema) =>
    c.dropTables(schema, "consumer_offsets", "event_log_ends", "event_log", "leases", "event_outbox"),
};
