import * as c from "./migration.ts";

/**
 * Owner: the outbox. Where an event was sent is told by the date of `sent_at`: a text that is added when a row is marked
 * makes it longer, and InnoDB then moves it, which costs several times as much as the mark itself.
 * Takes something away: nodes of before it can't mark what they send any more, and send it again until they are replaced.
 */
export const outboxInPlace: c.Migration = {
  name: "0007-outbox-in-place",
  async up(schema) {
    // Sequelize's own way makes SQLite's table anew, without its indexes.
    await schema.sequelize.query("ALTER TABLE event_outbox DROP COLUMN topic");
  },
  async down(schema) {
    await schema.addColumn("event_outbox", "topic", c.optionalText(100));
  },
};
