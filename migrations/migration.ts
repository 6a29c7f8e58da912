import { DataTypes, type QueryInterface } from "sequelize";

/** One step of the schema's history. Steps are never edited once they are out; a new one is added. */
export interface Migration {
  /** Number and purpose; the order of names is the order of running. */
  readonly name: string;
  readonly up: (schema: QueryInterface) => Promise<void>;
  readonly down: (schema: QueryInterface) => Promise<void>;
}

/** Column types that mean the same on MySQL/MariaDB and SQLite. */
export const id = { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true } as const;
export const reference = { type: DataTypes.BIGINT, allowNull: false } as const;
/** Epoch milliseconds in UTC. */
export const time = { type: DataTypes.BIGINT, allowNull: false } as const;
export const optionalTime = { type: DataTypes.BIGINT, allowNull: true } as const;
export const count = { type: DataTypes.BIGINT, allowNull: false, defaultValue: 0 } as const;
export const flag = (defaultValue: 0 | 1) => ({ type: DataTypes.TINYINT, allowNull: false, defaultValue });
export const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });
export const optionalText = (length: number) => ({ type: DataTypes.STRING(length), allowNull: true });

/** Text compared byte by byte, as SQLite does anyway: MySQL's default collation takes é for e and A for a. */
export function keyText(
  schema: QueryInterface,
  length: number,
  presence: "required" | "optional" = "required",
) {
  const type = isMysql(schema)
    ? `VARCHAR(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`
    : `VARCHAR(${length})`;
  return { type, allowNull: presence === "optional" };
}

export function isMysql(schema: QueryInterface): boolean {
  return schema.sequelize.getDialect() === "mysql";
}

/** Table options that only MySQL reads. */
export const TABLE_OPTIONS = { charset: "utf8mb4", engine: "InnoDB" };

export async function addIndexes(
  schema: QueryInterface,
  table: string,
  indexes: Readonly<Record<string, readonly string[]>>,
  kind: "unique" | "plain" = "plain",
): Promise<void> {
  for (const [name, fields] of Object.entries(indexes)) {
    await schema.addIndex(table, { name, fields: [...fields], unique: kind === "unique" });
  }
}

export async function dropTables(schema: QueryInterface, ...tables: readonly string[]): Promise<void> {
  for (const table of tables) await schema.dropTable(table);
}
