import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ForeignKeyConstraintError, Sequelize, TimeoutError } from "sequelize";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSqliteDialectModule } from "./sqlite-dialect.ts";

/** Milliseconds; longer than a busy machine needs, shorter than a test may last. */
const BUSY_TIMEOUT = 20_000;
/** Milliseconds, where giving up is what a test waits for. */
const SHORT_TIMEOUT = 500;

type Opened = ReturnType<typeof open>;

let folder: string;
let file: string;
let cleanUps: (() => void)[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dailyfeed-file-"));
  file = join(folder, "test.sqlite");
  cleanUps = [];
});
afterEach(() => {
  for (const cleanUp of cleanUps) cleanUp();
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

function open(path = file, busyTimeoutMs = BUSY_TIMEOUT) {
  const module = createSqliteDialectModule({ busyTimeoutMs });
  const sequelize = new Sequelize({
    dialect: "sqlite",
    dialectModule: module,
    storage: path,
    logging: false,
    retry: { max: 1 },
  });
  cleanUps.push(module.closeAll);
  return { module, sequelize, run: (text: string) => sequelize.query(text) };
}

async function openWithTable(busyTimeoutMs?: number): Promise<Opened> {
  const opened = open(file, busyTimeoutMs);
  await opened.run("CREATE TABLE rows (id INTEGER PRIMARY KEY, name TEXT)");
  return opened;
}

/** Stands for another process: a connection of its own, past the queue of this process. */
function otherProcess(): DatabaseSync {
  const other = new DatabaseSync(file);
  cleanUps.push(() => other.isOpen && other.close());
  return other;
}

/** Calls `work` after the event loop turned so often. */
function afterTurns(count: number, work: () => void): void {
  setTimeout(() => (count > 0 ? afterTurns(count - 1, work) : work()), 1);
}

/** Ends when the timer fired so often; without sleeping inside a test's own code. */
const turns = (count: number) => new Promise<void>((resolve) => afterTurns(count, resolve));

const idsOf = async ({ run }: Opened) => {
  const [rows] = await run("SELECT id FROM rows ORDER BY id");
  return (rows as { id: number }[]).map(({ id }) => id);
};

const connectionsOf = ({ sequelize }: Opened) =>
  Object.keys(
    (sequelize as unknown as { connectionManager: { connections: object } }).connectionManager.connections,
  );

describe("the writer's lock", () => {
  it("is given back when the commit fails, and nothing stays", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    const opened = await openWithTable();
    await opened.run(
      "CREATE TABLE parts (id INTEGER PRIMARY KEY, row_id INTEGER REFERENCES rows (id) DEFERRABLE INITIALLY DEFERRED)",
    );
    const failing = opened.sequelize.transaction(async (transaction) => {
      await opened.sequelize.query("INSERT INTO rows (id) VALUES (7)", { transaction });
      await opened.sequelize.query("INSERT INTO parts (row_id) VALUES (99)", { transaction });
    });
    await expect(failing).rejects.toBeInstanceOf(ForeignKeyConstraintError);
    await opened.run("INSERT INTO rows (id) VALUES (1)");
    expect(await idsOf(opened)).toEqual([1]);
  });

  it("is given back when SQLite rolls back by itself, and no later statement is committed alone", async () => {
    const opened = await openWithTable();
    const failing = opened.sequelize.transaction(async (transaction) => {
      const query = (text: string) => opened.sequelize.query(text, { transaction });
      await query("INSERT INTO rows (id) VALUES (1)");
      await expect(query("INSERT OR ROLLBACK INTO rows (id) VALUES (1)")).rejects.toThrow();
      await query("INSERT INTO rows (id) VALUES (2)");
    });
    await expect(failing).rejects.toThrow("the transaction was rolled back");
    await opened.run("INSERT INTO rows (id) VALUES (3)");
    expect(await idsOf(opened)).toEqual([3]);
  });

  it("is kept by a transaction through a failed statement", async () => {
    const opened = await openWithTable();
    let isOver = false;
    let other: Promise<unknown> | undefined;
    await opened.sequelize.transaction(async (transaction) => {
      const query = (text: string) => opened.sequelize.query(text, { transaction });
      await query("INSERT INTO rows (id) VALUES (1)");
      await expect(query("INSERT INTO rows (id) VALUES (1)")).rejects.toThrow();
      other = opened.run("INSERT INTO rows (id) VALUES (2)").then(() => {
        isOver = true;
      });
      await turns(5);
      expect(isOver).toBe(false);
      await query("INSERT INTO rows (id) VALUES (3)");
    });
    await other;
    expect(await idsOf(opened)).toEqual([1, 2, 3]);
  });

  it("makes a writer give up with TimeoutError, which leaves no connection behind", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const opened = await openWithTable(SHORT_TIMEOUT);
    await opened.sequelize.transaction(async () => {
      await expect(opened.sequelize.transaction(async () => {})).rejects.toBeInstanceOf(TimeoutError);
    });
    expect(connectionsOf(opened)).toEqual(["default"]);
    expect(warn).not.toHaveBeenCalled();
  });

  it("does not hold up reads, however they begin", async () => {
    const opened = await openWithTable();
    await opened.sequelize.transaction(async () => {
      const [rows] = await opened.run("WITH two (n) AS (VALUES (1), (2)) SELECT n FROM two");
      expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
    });
  });

  it("is one per file, in the order of arrival, however often the file is opened", async () => {
    const [first, second] = [await openWithTable(), open()];
    await second.run("SELECT 1");
    const waiting: Promise<unknown>[] = [];
    await first.sequelize.transaction(async () => {
      for (const name of ["a", "b", "c", "d", "e", "f"]) {
        const { sequelize } = waiting.length % 2 === 0 ? second : first;
        waiting.push(sequelize.query("INSERT INTO rows (name) VALUES ($name)", { bind: { name } }));
      }
      await turns(2);
    });
    await Promise.all(waiting);
    const [rows] = await first.run("SELECT name FROM rows ORDER BY id");
    expect(rows).toEqual(["a", "b", "c", "d", "e", "f"].map((name) => ({ name })));
  });

  it("passes on when the file is closed inside a transaction; who waited at that file gets an error", async () => {
    const [closing, staying] = [await openWithTable(), open()];
    const began = Promise.withResolvers<void>();
    const stuck = closing.sequelize.transaction(async (transaction) => {
      await closing.sequelize.query("INSERT INTO rows (id) VALUES (1)", { transaction });
      began.resolve();
      await turns(20);
      await closing.sequelize.query("INSERT INTO rows (id) VALUES (2)", { transaction });
    });
    vi.spyOn(console, "warn").mockReturnValue();
    await began.promise;
    const refused = closing.run("INSERT INTO rows (id) VALUES (3)");
    const admitted = staying.run("INSERT INTO rows (id) VALUES (4)");
    await turns(2);
    closing.module.closeAll();
    await expect(refused).rejects.toThrow("SQLITE_MISUSE");
    await admitted;
    await expect(stuck).rejects.toThrow("SQLITE_MISUSE");
    expect(await idsOf(staying)).toEqual([4]);
  });

  it("is not taken for a connection that was closed while it waited", async () => {
    const { module } = await openWithTable();
    type Connection = InstanceType<typeof module.Database>;
    const connect = () =>
      new Promise<Connection>((resolve) => {
        const connection = new module.Database(file, 6, () => resolve(connection));
      });
    const run = (connection: Connection, text: string) =>
      new Promise<string>((resolve) =>
        connection.run(text, [], (error) => resolve(error?.message ?? "done")),
      );
    const [holder, early, late, next] = [await connect(), await connect(), await connect(), await connect()];
    expect(await run(holder, "BEGIN")).toBe("done");
    const atOnce = run(early, "BEGIN");
    early.close();
    const waiting = run(late, "BEGIN");
    await turns(2);
    late.close();
    expect(await run(holder, "COMMIT")).toBe("done");
    expect([await atOnce, await waiting]).toEqual([
      expect.stringMatching(/^SQLITE_MISUSE/),
      expect.stringMatching(/^SQLITE_MISUSE/),
    ]);
    expect([await run(next, "BEGIN"), await run(next, "COMMIT")]).toEqual(["done", "done"]);
  });
});

describe("the event loop", () => {
  it("turns during a long loop of statements", async () => {
    const { run } = await openWithTable();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    // Not by a time-out of the test: that is a timer, too.
    const end = performance.now() + 20_000;
    while (ticks < 3 && performance.now() < end) await run("SELECT 1");
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(2);
  });

  it("turns while another process writes, and then the write is done", async () => {
    const opened = await openWithTable();
    const other = otherProcess();
    other.exec("BEGIN IMMEDIATE; INSERT INTO rows (id) VALUES (1)");
    let didOtherCommit = false;
    afterTurns(10, () => {
      other.exec("COMMIT");
      didOtherCommit = true;
    });
    await opened.run("INSERT INTO rows (id) VALUES (2)");
    expect(didOtherCommit).toBe(true);
    expect(await idsOf(opened)).toEqual([1, 2]);
  });

  it("turns while another process never stops writing, until TimeoutError", async () => {
    const opened = await openWithTable(SHORT_TIMEOUT);
    const other = otherProcess();
    other.exec("BEGIN IMMEDIATE");
    await expect(opened.run("INSERT INTO rows (id) VALUES (2)")).rejects.toBeInstanceOf(TimeoutError);
    other.exec("COMMIT");
    await opened.run("INSERT INTO rows (id) VALUES (3)");
    expect(await idsOf(opened)).toEqual([3]);
  });
});

describe("opening a file", () => {
  it("waits for another process that is making it", async () => {
    const other = otherProcess();
    other.exec("BEGIN EXCLUSIVE; CREATE TABLE rows (id INTEGER PRIMARY KEY)");
    afterTurns(10, () => other.exec("INSERT INTO rows (id) VALUES (1); COMMIT"));
    expect(await idsOf(open())).toEqual([1]);
  });

  it("is tried again after it failed", async () => {
    mkdirSync(file);
    const { run } = open();
    await expect(run("SELECT 1")).rejects.toThrow("SQLITE_CANTOPEN");
    rmdirSync(file);
    await run("SELECT 1");
  });

  it("switches on the write-ahead log and foreign keys", async () => {
    const { run } = await openWithTable();
    const settings = await Promise.all(
      ["journal_mode", "synchronous", "foreign_keys"].map((name) => run(`PRAGMA ${name}`)),
    );
    expect(settings.flat()).toEqual(
      expect.arrayContaining([[{ journal_mode: "wal" }], [{ synchronous: 1 }], { foreign_keys: 1 }]),
    );
  });

  it("is refused for a database in memory", async () => {
    await expect(open(":memory:").run("SELECT 1")).rejects.toThrow("a file is needed");
  });
});
