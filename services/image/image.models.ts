import { DataTypes, type Model, type ModelStatic, type Sequelize } from "sequelize";

/** What an image was uploaded for. */
export type ImagePurpose = "content" | "profile";

export interface ImageAttributes {
  id: string;
  ownerId: number;
  purpose: ImagePurpose;
  mimeType: string;
  width: number;
  height: number;
  byteSize: number;
  thumbnailByteSize: number;
  createdAt: number;
}

export type ImageModel = ModelStatic<Model<ImageAttributes, ImageAttributes>>;

export function defineImageModel(sequelize: Sequelize): ImageModel {
  return sequelize.define(
    "Image",
    {
      id: { type: DataTypes.STRING(36), primaryKey: true },
      ownerId: DataTypes.BIGINT,
      purpose: DataTypes.STRING(10),
      mimeType: DataTypes.STRING(30),
      width: DataTypes.INTEGER,
      height: DataTypes.INTEGER,
      byteSize: DataTypes.INTEGER,
      thumbnailByteSize: DataTypes.INTEGER,
      createdAt: DataTypes.BIGINT,
    },
    { tableName: "images" },
  );
}
