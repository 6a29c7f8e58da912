import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { sql } from "../../lib/sql/sql.ts";
import { drain, EventBench, valueOfMessage } from "./event-bench.ts";

const SCRIPT = fileURLToPath(new URL("event-process.ts", import.meta.url));
const KILLS = 16;

/** A process of its own on the bench's store. */
class Child {
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  #errors = "";

  constructor(role: "write" | "read", bench: EventBench) {
    this.#process = spawn(process.execPath, [SCRIPT, role, JSON.stringify(bench.store.env)]);
    const { stdout, stderr } = this.#process;
    if (stdout) createInterface(stdout).on("line", (line) => this.#lines.push(line));
    stderr?.on("data", (data) => {
      this.#errors += data;
    });
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  async printed(count: number): Promise<void> {
    await vi.waitFor(
      () => {
        if (this.#process.exitCode !== null) throw new Error(`ended early: ${this.#errors}`);
        expect(this.#lines.length).toBeGreaterThanOrEqual(count);
      },
      { timeout: 60_000, interval: 1 },
    );
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends it in order; answers what it had to complain of. */
  async stop(): Promise<string> {
    await this.#end("SIGTERM");
    return this.#errors;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    this.#process.kill(signal);
    await once(this.#process, "exit");
  }
}

let bench: EventBench;
let children: Child[];
beforeEach(async () => {
  bench = await EventBench.start(Date.now());
  children = [];
  for (let post = 1; post <= 8; post++) {
    await bench.database.execute(
      sql`INSERT INTO posts (id, author_id, content, created_at, updated_at) VALUES (${post}, 1, 'text', 0, 0)`,
    );
  }
}, 60_000);
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  await bench.close();
}, 60_000);

function start(role: "write" | "read"): Child {
  const child = new Child(role, bench);
  children.push(child);
  return child;
}

/** Every commit is in the log as one event, and each post's are in the order of the commits. */
async function expectEverythingLoggedOnce(): Promise<void> {
  const posts = await bench.rows<{ id: number; n: number }>("id, view_count AS n FROM posts ORDER BY id");
  const total = posts.reduce((sum, { n }) => sum + n, 0);
  const events = (await bench.logged()).map(valueOfMessage);
  expect(events.length).toBe(total);
  expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(total);
  const byPost = Map.groupBy(events, ({ postId }) => postId);
  for (const { id, n } of posts) {
    const numbers = (byPost.get(id) ?? []).map(({ commentId }) => commentId);
    expect(numbers).toEqual(Array.from({ length: n }, (_, index) => index + 1));
  }
}

it("two processes write and publish side by side", async () => {
  const [one, two] = [start("write"), start("write")];
  await Promise.all([one.printed(150), two.printed(150)]);
  // Both have their share, sooner or later.
  await vi.waitFor(
    async () => {
      const leases = await bench.rows<{ owner: string }>(
        "owner FROM leases WHERE name LIKE 'outbox:_' AND owner <> ''",
      );
      expect([leases.length, new Set(leases.map(({ owner }) => owner)).size]).toEqual([6, 2]);
    },
    { timeout: 60_000, interval: 20 },
  );
  expect(await Promise.all([one.stop(), two.stop()])).toEqual(["", ""]);
  // What one wrote last, after the other had left the partition, goes with whoever starts next.
  bench.clock = Date.now();
  const next = bench.publisher();
  await drain(next);
  expect((await next.backlog()).waiting).toBe(0);
  await expectEverythingLoggedOnce();
}, 240_000);

it(`every event arrives once though publishers are killed ${KILLS} times`, async () => {
  const alive = [start("write"), start("write")];
  for (let round = 0; round < KILLS; round++) {
    const victim = alive[round % 2] as Child;
    // Somewhere in what it does.
    await victim.printed(1 + Math.floor(Math.random() * 25));
    await victim.kill();
    alive[round % 2] = start("write");
  }
  await Promise.all(alive.map((child) => child.printed(1)));
  await Promise.all(alive.map((child) => child.kill()));
  // All are dead: the next one finds what they left, once their leases are over.
  const survivor = bench.publisher();
  await vi.waitFor(
    async () => {
      bench.clock = Date.now();
      await drain(survivor);
      expect((await survivor.backlog()).waiting).toBe(0);
    },
    { timeout: 60_000, interval: 20 },
  );
  await expectEverythingLoggedOnce();
  expect(await bench.countOf("event_outbox", "status <> 1")).toBe(0);
}, 300_000);

it("what a reader was killed over comes again", async () => {
  await bench.write({ postId: 1 }, { postId: 1 });
  await drain(bench.publisher());
  const reader = start("read");
  await reader.printed(2);
  await reader.kill();
  const got: string[] = [];
  const subscription = await bench.newLog({ now: Date.now, leaseTtlMs: 500 }).subscribe({
    group: "group",
    families: ["member-activity"],
    handler: async (batch) => {
      got.push(...batch.map(({ partition, offset }) => `effect ${partition}/${offset}`));
    },
  });
  await vi.waitFor(() => expect(got).toHaveLength(2), { timeout: 60_000, interval: 20 });
  expect(got).toEqual(reader.lines);
  await subscription.stop();
  expect((await bench.log.lag("group")).map(({ lag }) => lag)).toEqual([0]);
}, 240_000);
