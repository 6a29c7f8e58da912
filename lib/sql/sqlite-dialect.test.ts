import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  DataTypes,
  ForeignKeyConstraintError,
  type Model,
  type ModelStatic,
  UniqueConstraintError,
} from "sequelize";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Database } from "./database.ts";
import { violates } from "./failures.ts";
import { sql } from "./sql.ts";

let folder: string;
let file: string;
let database: Database;
let Member: ModelStatic<Model<Record<string, unknown>>>;
let Post: ModelStatic<Model<Record<string, unknown>>>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "dailyfeed-sqlite-"));
  file = join(folder, "test.sqlite");
  database = new Database({ kind: "sqlite", file });
  Member = database.sequelize.define("members", {
    id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
    email: { type: DataTypes.STRING, unique: true },
    age: DataTypes.INTEGER,
    active: { type: DataTypes.BOOLEAN, defaultValue: true },
  });
  Post = database.sequelize.define(
    "posts",
    {
      id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
      member_id: { type: DataTypes.BIGINT, references: { model: "members", key: "id" } },
      title: DataTypes.STRING,
    },
    { indexes: [{ unique: true, fields: ["member_id", "title"], name: "uq_posts_title" }] },
  );
  Member.hasMany(Post, { foreignKey: "member_id", as: "posts" });
  await Member.sync();
  await Post.sync();
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const count = () => Member.count();
const titleKey = { index: "uq_posts_title", columns: ["member_id", "title"] };

describe("models on SQLite", () => {
  it("are created, found, changed and deleted", async () => {
    const created = await Member.create({ email: "a@example.com", age: 1, active: false });
    expect(created.get("id")).toBe(1);
    expect((await Member.findByPk(1))?.get()).toMatchObject({
      email: "a@example.com",
      age: 1,
      active: false,
    });
    expect(await Member.update({ age: 2 }, { where: { id: 1 } })).toEqual([1]);
    await Member.increment("age", { by: 5, where: { id: 1 } });
    expect((await Member.findByPk(1, { raw: true })) as unknown).toMatchObject({ age: 7 });
    expect(await Member.destroy({ where: { id: 1 } })).toBe(1);
    expect(await count()).toBe(0);
  });

  it("are created in bulk, with or without what is there already", async () => {
    await Member.bulkCreate([{ email: "a" }, { email: "b" }]);
    await Member.bulkCreate([{ email: "b" }, { email: "c" }], { ignoreDuplicates: true });
    await Member.bulkCreate([{ email: "c", age: 9 }], { updateOnDuplicate: ["age"] });
    expect((await Member.findAll({ order: ["id"], raw: true })) as unknown).toMatchObject([
      { email: "a" },
      { email: "b" },
      { email: "c", age: 9 },
    ]);
  });

  it("are found with what belongs to them", async () => {
    await Member.create({ email: "a", posts: [{ title: "x" }, { title: "y" }] }, { include: "posts" });
    const { rows, count: total } = await Member.findAndCountAll({ include: "posts", distinct: true });
    expect(total).toBe(1);
    expect(rows[0]?.get("posts")).toHaveLength(2);
  });

  it("raise Sequelize's errors for broken keys", async () => {
    await Member.create({ email: "a" });
    await expect(Member.create({ email: "a" })).rejects.toBeInstanceOf(UniqueConstraintError);
    await Post.create({ member_id: 1, title: "x" });
    const twice = await Post.create({ member_id: 1, title: "x" }).catch((error: unknown) => error);
    expect(violates(twice, titleKey)).toBe(true);
    expect(violates(twice, { index: "uq_members_email", columns: ["email"] })).toBe(false);
    await expect(Post.create({ member_id: 99, title: "x" })).rejects.toBeInstanceOf(
      ForeignKeyConstraintError,
    );
  });

  it("follow a changed table", async () => {
    await Member.create({ email: "a" });
    await database.sequelize.getQueryInterface().addColumn("members", "nick", DataTypes.STRING);
    await database.execute(sql`UPDATE members SET nick = ${"x"}`);
    expect(await database.select(sql`SELECT nick FROM members`)).toEqual([{ nick: "x" }]);
  });
});

describe("statements on SQLite", () => {
  it("bind values, count changes and answer ids", async () => {
    const id = await database.insert(
      sql`INSERT INTO members (email, age, active) VALUES (${"x'y"}, ${1}, 1)`,
    );
    expect(await database.select(sql`SELECT id, email, age FROM members WHERE email = ${"x'y"}`)).toEqual([
      { id, email: "x'y", age: 1 },
    ]);
    expect(await database.execute(sql`UPDATE members SET age = ${2} WHERE id = ${id}`)).toBe(1);
    expect(await database.execute(sql`DELETE FROM members WHERE id = ${id + 1}`)).toBe(0);
  });

  it("are told to listeners", async () => {
    const seen: string[] = [];
    const stop = database.onStatement((text) => seen.push(text));
    await database.select(sql`SELECT 1 AS one`);
    stop();
    await database.select(sql`SELECT 2 AS two`);
    expect(seen).toEqual([expect.stringContaining("SELECT 1 AS one")]);
  });
});

describe("transactions on SQLite", () => {
  it("commit, or leave nothing", async () => {
    await database.transaction((transaction) => Member.create({ email: "a" }, { transaction }));
    const failing = database.transaction(async (transaction) => {
      await Member.create({ email: "b" }, { transaction });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await count()).toBe(1);
  });

  it("leave nothing after a failed statement, and the next writer goes on", async () => {
    await Member.create({ email: "a" });
    const failing = database.transaction(async (transaction) => {
      await Member.create({ email: "b" }, { transaction });
      await Member.create({ email: "a" }, { transaction });
    });
    await expect(failing).rejects.toBeInstanceOf(UniqueConstraintError);
    await Member.create({ email: "c" });
    expect(await count()).toBe(2);
  });

  it("are not seen from outside before the commit", async () => {
    await database.transaction(async (transaction) => {
      await Member.create({ email: "a" }, { transaction });
      expect(await Member.count({ transaction })).toBe(1);
      expect(await count()).toBe(0);
    });
    expect(await count()).toBe(1);
  });

  it("have savepoints and hooks", async () => {
    let committed = false;
    await database.sequelize.transaction(async (transaction) => {
      transaction.afterCommit(() => {
        committed = true;
      });
      await Member.create({ email: "a" }, { transaction });
      const inner = database.sequelize.transaction({ transaction }, async (nested) => {
        await Member.create({ email: "b" }, { transaction: nested });
        throw new Error("inner");
      });
      await expect(inner).rejects.toThrow("inner");
      expect(committed).toBe(false);
    });
    expect(committed).toBe(true);
    expect(await count()).toBe(1);
  });

  it("queue: 20 at once read, change and write without losing one", async () => {
    await Member.create({ email: "a", age: 0 });
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        database.transaction(async (transaction) => {
          const row = await Member.findByPk(1, { transaction });
          await new Promise((resolve) => setImmediate(resolve));
          await Member.update({ age: Number(row?.get("age")) + 1 }, { where: { id: 1 }, transaction });
          if (index % 5 === 0) throw new Error("rolled back");
        }),
      ),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(16);
    expect((await Member.findByPk(1))?.get("age")).toBe(16);
  });

  it("stand beside reads and single writes", async () => {
    const work = Array.from({ length: 60 }, (_, index) => {
      if (index % 3 === 0) return Member.create({ email: `single${index}` });
      if (index % 3 === 1) return count();
      return database.transaction((transaction) => Member.create({ email: `tx${index}` }, { transaction }));
    });
    await Promise.all(work);
    expect(await count()).toBe(40);
  });

  it("of three processes on one file don't lose one, and don't stop this one", async () => {
    await database.sequelize.query("CREATE TABLE counters (id INTEGER PRIMARY KEY, n INTEGER)");
    await database.insert(sql`INSERT INTO counters (id, n) VALUES (1, 0)`);
    const child = new URL("../../test/support/writer-process.ts", import.meta.url).pathname;
    let longestStop = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longestStop = Math.max(longestStop, performance.now() - last);
      last = performance.now();
    }, 5);
    const run = promisify(execFile);
    const children = Array.from({ length: 3 }, () => run(process.execPath, [child, file, "100"]));
    for (let index = 0; index < 50; index++) await Member.create({ email: `m${index}` });
    await Promise.all(children);
    clearInterval(watch);
    expect(await database.select(sql`SELECT n FROM counters`)).toEqual([{ n: 300 }]);
    expect(await count()).toBe(50);
    // A driver that waits inside SQLite would stop for up to its time-out, which is this; a slow disk stops it, too.
    expect(longestStop).toBeLessThan(10_000);
  }, 180_000);

  it("give up after the time-out with an error, and let the next in", async () => {
    const { createSqliteDialectModule } = await import("./sqlite-dialect.ts");
    const module = createSqliteDialectModule({ busyTimeoutMs: 50 });
    const open = () =>
      new Promise<InstanceType<typeof module.Database>>((resolve) => {
        const connection = new module.Database(file, 6, () => resolve(connection));
      });
    const run = (connection: InstanceType<typeof module.Database>, text: string) =>
      new Promise<string>((resolve) =>
        connection.run(text, [], (error) => resolve(error ? error.message : "done")),
      );
    const [first, second] = [await open(), await open()];
    expect(await run(first, "BEGIN")).toBe("done");
    expect(await run(second, "BEGIN")).toMatch(/^SQLITE_BUSY/);
    const waiting = run(second, "BEGIN");
    first.close();
    expect(await waiting).toBe("done");
    expect(await run(second, "COMMIT")).toBe("done");
    module.closeAll();
    expect(await run(second, "BEGIN")).toMatch(/^SQLITE_MISUSE/);
  });
});
