import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseError, DataTypes, type Model, type ModelStatic, Op, UniqueConstraintError } from "sequelize";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Database } from "./database.ts";
import { sql } from "./sql.ts";

let folder: string;
let database: Database;
let Thing: ModelStatic<Model<Record<string, unknown>>>;

const COLUMNS = {
  id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
  name: { type: DataTypes.STRING, unique: true, allowNull: false },
  size: DataTypes.INTEGER,
  price: DataTypes.DECIMAL(10, 2),
  at: DataTypes.DATE,
  extra: DataTypes.JSON,
  bytes: DataTypes.BLOB,
  on: { type: DataTypes.BOOLEAN, defaultValue: false },
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "dailyfeed-values-"));
  database = new Database({ kind: "sqlite", file: join(folder, "test.sqlite") });
  Thing = database.sequelize.define("things", COLUMNS);
  await Thing.sync();
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("values on SQLite", () => {
  it("come back as models declare them", async () => {
    const values = {
      name: "한글 🙂 'x'",
      size: -5,
      price: 12.34,
      at: new Date("2020-01-02T03:04:05.678Z"),
      extra: { list: [1, "둘"] },
      bytes: Buffer.from([0, 255, 1]),
      on: true,
    };
    await Thing.create(values);
    const found = await Thing.findOne({ where: { name: values.name } });
    expect(found?.get()).toEqual({ id: 1, ...values });
    expect(Buffer.isBuffer(found?.get("bytes"))).toBe(true);
  });

  it("are bound as whole numbers when they are, and as what they are otherwise", async () => {
    const query = sql`SELECT typeof(${5}) AS a, typeof(${1.5}) AS b, typeof(${"5"}) AS c, typeof(${null}) AS d,
      ${5} / 2 AS half, ${7} || '' AS text, ${2 ** 53 - 1} AS large`;
    expect(await database.select(query)).toEqual([
      { a: "integer", b: "real", c: "text", d: "null", half: 2, text: "7", large: 2 ** 53 - 1 },
    ]);
  });

  it("may be bound by name, used or not, or replaced", async () => {
    await Thing.bulkCreate([{ name: "a" }, { name: "b" }, { name: "c" }]);
    const { sequelize } = database;
    const [byName] = await sequelize.query("SELECT id FROM things WHERE name = $name", {
      bind: { name: "b", unused: 1 },
    });
    expect(byName).toEqual([{ id: 2 }]);
    const [replaced] = await sequelize.query("SELECT id FROM things WHERE name IN (:names) ORDER BY id", {
      replacements: { names: ["a", "c", "x' OR 1=1 --"] },
    });
    expect(replaced).toEqual([{ id: 1 }, { id: 3 }]);
  });
});

describe("models on SQLite, in less usual ways", () => {
  it("are upserted, and found or created", async () => {
    await Thing.upsert({ name: "a", size: 1 });
    await Thing.upsert({ name: "a", size: 2 });
    const [found, isCreated] = await Thing.findOrCreate({ where: { name: "a" }, defaults: { size: 3 } });
    expect([found.get("size"), isCreated, await Thing.count()]).toEqual([2, false, 1]);
    const [, isNew] = await Thing.findOrCreate({ where: { name: "b" }, defaults: { size: 3 } });
    expect([isNew, await Thing.count()]).toEqual([true, 2]);
  });

  it("get consecutive ids in bulk", async () => {
    await Thing.create({ name: "first" });
    const made = await Thing.bulkCreate(Array.from({ length: 50 }, (_, index) => ({ name: `n${index}` })));
    expect(made.map((one) => one.get("id"))).toEqual(Array.from({ length: 50 }, (_, index) => index + 2));
  });

  it("are hidden, not deleted, when paranoid", async () => {
    const Note = database.sequelize.define(
      "notes",
      { id: { type: DataTypes.INTEGER, primaryKey: true }, deletedAt: DataTypes.DATE },
      { paranoid: true, timestamps: true, createdAt: false, updatedAt: false },
    );
    await Note.sync();
    await Note.create({ id: 1 });
    await Note.destroy({ where: { id: 1 } });
    expect([await Note.count(), await Note.count({ paranoid: false })]).toEqual([0, 1]);
    await Note.restore({ where: { id: 1 } });
    expect(await Note.count()).toBe(1);
  });

  it("are counted and paged together", async () => {
    await Thing.bulkCreate(Array.from({ length: 30 }, (_, index) => ({ name: `n${index}`, size: index })));
    const page = await Thing.findAndCountAll({
      where: { size: { [Op.gte]: 10 } },
      order: [["id", "DESC"]],
      offset: 5,
      limit: 3,
    });
    expect([page.count, page.rows.map((row) => row.get("size"))]).toEqual([20, [24, 23, 22]]);
  });
});

describe("broken rules on SQLite", () => {
  it("name the fields of a unique key", async () => {
    await Thing.create({ name: "a" });
    const error = await failureOf(Thing.create({ name: "a" }));
    expect(error).toBeInstanceOf(UniqueConstraintError);
    expect((error as UniqueConstraintError).fields).toEqual(["name"]);
  });

  it("are not taken for a unique key's when a value is missing or refused", async () => {
    await database.sequelize.query("CREATE TABLE strict (a TEXT NOT NULL, b INTEGER CHECK (b > 0))");
    for (const [rule, query] of [
      ["NOT NULL", sql`INSERT INTO strict (b) VALUES (1)`],
      ["CHECK", sql`INSERT INTO strict (a, b) VALUES ('x', 0)`],
    ] as const) {
      const error = await failureOf(database.insert(query));
      expect(error).toBeInstanceOf(DatabaseError);
      expect(error).not.toBeInstanceOf(UniqueConstraintError);
      expect(String(error)).toContain(`${rule} constraint failed`);
    }
  });

  it("of SQL itself say what is wrong", async () => {
    const error = await failureOf(database.select(sql`SELECT nope FROM things`));
    expect(error).toBeInstanceOf(DatabaseError);
    expect(String(error)).toContain("no such column: nope");
  });
});

describe("a changed schema on SQLite", () => {
  const models = () =>
    [{}, { more: DataTypes.JSON }].map((more) =>
      database.sequelize.define("things", { ...COLUMNS, ...more }),
    );

  it("is known to the next read, though it was read while the change waited", async () => {
    await Thing.create({ name: "a" });
    const queries = database.sequelize.getQueryInterface();
    let change: Promise<unknown> | undefined;
    await database.transaction(async () => {
      change = queries.addColumn("things", "more", { type: DataTypes.JSON, defaultValue: { x: 1 } });
      await Thing.findAll();
    });
    await change;
    expect((await models()[1]?.findOne())?.get("more")).toEqual({ x: 1 });
  });

  it("is forgotten when rolled back", async () => {
    const [Before] = models();
    const undone = database.transaction(async (transaction) => {
      await database.execute(sql`ALTER TABLE things ADD COLUMN more JSON`, { transaction });
      const More = models()[1];
      await More?.create({ name: "a", more: [1] }, { transaction });
      expect((await More?.findOne({ transaction }))?.get("more")).toEqual([1]);
      throw new Error("undo");
    });
    await expect(undone).rejects.toThrow("undo");
    await database.execute(sql`ALTER TABLE things ADD COLUMN more TEXT DEFAULT '[2]'`);
    await Before?.create({ name: "b" });
    expect((await models()[1]?.findOne())?.get("more")).toBe("[2]");
  });

  it("may drop tables in any order", async () => {
    const queries = database.sequelize.getQueryInterface();
    await database.execute(
      sql`CREATE TABLE parts (id INTEGER PRIMARY KEY, thing_id INTEGER REFERENCES things (id))`,
    );
    await Thing.create({ name: "a" });
    await database.insert(sql`INSERT INTO parts (thing_id) VALUES (1)`);
    await queries.dropAllTables();
    expect(await queries.showAllTables()).toEqual([]);
    await Thing.sync();
    await database.execute(
      sql`CREATE TABLE parts (id INTEGER PRIMARY KEY, thing_id INTEGER REFERENCES things (id))`,
    );
    await expect(database.insert(sql`INSERT INTO parts (thing_id) VALUES (9)`)).rejects.toThrow(
      "FOREIGN KEY",
    );
  });
});
