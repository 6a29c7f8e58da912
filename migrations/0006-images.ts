import { DataTypes } from "sequelize";
import * as c from "./migration.ts";

/** Owner: image. */
export const images: c.Migration = {
  name: "0006-images",
  async up(schema) {
    await schema.createTable(
      "images",
      {
        id: { ...c.keyText(schema, 36), primaryKey: true },
        owner_id: c.reference,
        purpose: c.text(10),
        mime_type: c.text(30),
        width: { type: DataTypes.INTEGER, allowNull: false },
        height: { type: DataTypes.INTEGER, allowNull: false },
        byte_size: { type: DataTypes.INTEGER, allowNull: false },
        thumbnail_byte_size: { type: DataTypes.INTEGER, allowNull: false },
        created_at: c.time,
      },
      c.TABLE_OPTIONS,
    );
    await c.addIndexes(schema, "images", { ix_images_owner: ["owner_id"] });
  },
  down: (schema) => c.dropTables(schema, "images"),
};
