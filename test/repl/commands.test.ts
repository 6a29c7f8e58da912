import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { ServiceBroker, type ServiceSchema } from "moleculer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import { JOBS } from "../../config/jobs.ts";
import { type DocumentsMembers, DocumentsMixin } from "../../mixins/documents.mixin.ts";
import { COMMANDS } from "../../repl/commands.ts";
import { emptyStore, type Store } from "../support/service.ts";
import { ReplProcess } from "./repl-process.ts";

const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/;
const SIGN_UP = "call auth.signUp --password 'Sunny#day1' --memberName mina";

let store: Store;
let repl: ReplProcess;

beforeAll(async () => {
  store = await emptyStore();
  repl = await ReplProcess.start(store);
});
afterAll(async () => {
  expect(await repl.quit()).toBe(0);
  await store.remove();
});

/** The cells of a printed table, by the columns where its header's words begin. */
function rowsOf(text: string): Record<string, string>[] {
  const [header = "", ...lines] = text.split("\n");
  return lines.map((line) => {
    const names = header.split(/ {2,}/);
    const cells = line.trim().split(/ {2,}/);
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
  });
}

async function giveUp(side: "PUBLISHER" | "LISTENER", payload: string): Promise<void> {
  const broker = new ServiceBroker({ logger: false });
  const config = configOrThrow(store.env);
  const mixins = [DocumentsMixin({ ...config, health: "required" })];
  const service = broker.createService({ name: "giver", mixins } as ServiceSchema);
  await broker.start();
  const { deadLetters } = service as unknown as DocumentsMembers;
  const consumer = side === "LISTENER" ? "activity" : null;
  const letter = { side, consumer, topic: null, error: null, attempts: 1, payload, at: Date.now() };
  const [messageKey, eventId] = [`key-${randomUUID()}`, randomUUID()];
  await deadLetters.add([{ ...letter, messageKey, eventId, category: "EXHAUSTED", reason: "it failed" }]);
  await broker.stop();
}

describe("keys", () => {
  it("shows them without secrets, and rotates", async () => {
    const [first] = rowsOf(await repl.run("keys show"));
    expect(first).toMatchObject({ kid: expect.stringMatching(UUID), primary: "yes", expiresAt: "-" });
    expect(await repl.run("keys rotate")).toMatch(/^rotated: [0-9a-f-]+ signs from now on$/);
    const shown = await repl.run("keys show");
    expect(rowsOf(shown).map(({ primary }) => primary)).toEqual(["yes", "no"]);
    expect(rowsOf(shown)[1]?.kid).toBe(first?.kid);
    expect(shown).not.toMatch(/secret|[0-9a-f]{64}/);
  });
});

describe("deadletters", () => {
  it("are listed, shown, replayed and discarded", async () => {
    expect(await repl.run("deadletters list")).toBe("no open dead letters");
    const event = {
      eventId: randomUUID(),
      ...{ memberId: 1, postId: 1, commentId: null, memberActivityType: "LIKE_POST" },
      ...{ createdAt: "2026-11-25T00:00:00.000Z", updatedAt: "2026-11-25T00:00:00.000Z" },
    };
    await giveUp("PUBLISHER", JSON.stringify(event));
    await giveUp("LISTENER", "{ poison");
    const rows = rowsOf(await repl.run("deadletters list"));
    expect(rows).toMatchObject([
      { side: "PUBLISHER", consumer: "-", category: "EXHAUSTED", attempts: "1", reason: "it failed" },
      { side: "LISTENER", consumer: "activity" },
    ]);
    const [good = "", poison = ""] = rows.map(({ id }) => id);
    expect(rowsOf(await repl.run("deadletters list --side listener")).map(({ id }) => id)).toEqual([poison]);
    expect(rowsOf(await repl.run("deadletters list --limit 1")).map(({ id }) => id)).toEqual([good]);

    const shown = await repl.run(`deadletters show ${poison}`);
    expect(shown).toMatch(/^payload +\{ poison$/m);
    expect(shown).toMatch(/^isCompleted +no$/m);

    expect(await repl.run(`deadletters replay ${good}`)).toBe(`replayed ${good}`);
    expect(await repl.run(`deadletters replay ${poison}`)).toMatch(`failed again, ${poison} stays open: `);
    expect(await repl.run("deadletters replay")).toBe("0 replayed, 0 failed again");
    expect(rowsOf(await repl.run("deadletters list"))).toMatchObject([{ id: poison, attempts: "2" }]);
    expect(await repl.run(`deadletters discard ${poison}`)).toBe(`discarded ${poison}`);
    expect(await repl.run("deadletters list")).toBe("no open dead letters");
    expect(await repl.run(`deadletters replay ${poison}`)).toBe(
      `deadletters replay: ${poison} is done already: "deadletters list" shows the open ones`,
    );
  });
});

describe("topics", () => {
  it("are listed with what groups have not read, made and dropped", async () => {
    await repl.run(`${SIGN_UP} --email a@example.com --handle mina1 --displayName Mina`);
    await expect.poll(() => repl.run("topics list"), { timeout: 20_000 }).toMatch(/member-activity-\d{8}$/);
    const [topic] = rowsOf(await repl.run("topics list"));
    expect(topic?.topic).toBe(`${store.env.NAMESPACE}.member-activity-${topic?.date}`);
    const lags = async () => rowsOf(await repl.run("topics lag"));
    const read = { topic: topic?.topic, lag: "0", "unread partitions": "-" };
    const group = `${store.env.NAMESPACE}-activity`;
    await expect.poll(lags, { timeout: 20_000 }).toContainEqual({ group, ...read });
    const other = rowsOf(await repl.run("topics lag --group nobody"));
    expect(other).toMatchObject([{ group: "nobody" }]);
    expect(Number(other[0]?.lag)).toBeGreaterThan(0);
    expect(other[0]?.["unread partitions"]).toMatch(/^\d:\d/);
    expect(await repl.run("topics create")).toBe("nothing to create: they are there");
    expect(await repl.run("topics drop")).toBe("nothing to drop");
  });
});

describe("jobs", () => {
  it("are listed and run", async () => {
    const rows = rowsOf(await repl.run("jobs list"));
    expect(rows.map(({ name }) => name)).toEqual(JOBS.map(({ name }) => name));
    expect(await repl.run("jobs run clean-expired")).toMatch(/^done in \d+ ms: \{"refresh_tokens":0/);
  });
});

describe("events", () => {
  it("are replayed and published again, and plain `events` stays Moleculer's", async () => {
    const { date } = rowsOf(await repl.run("topics list"))[0] ?? {};
    const report = await repl.run(`events replay --date ${date} --type MEMBER_SIGNUP --dry-run`);
    expect(report).toMatch(/^would have replayed \d{8}\nread +1\n/);
    expect(await repl.run(`events replay --date ${date}`)).toMatch(/^replayed \d{8}\nread +\d+\n/);
    const to = new Date(Date.now() + 60_000).toISOString();
    expect(await repl.run(`events republish --from 2026-01-01 --to ${to}`)).toMatch(
      /^[1-9]\d* events wait to be sent again$/,
    );
    expect(await repl.run("events")).toContain("auth.tokens");
  });
});

describe("breakers", () => {
  it("are listed for each node, with what they think of the services that it calls", async () => {
    const rows = rowsOf(await repl.run("breakers list"));
    const auth = rows.find(({ service }) => service === "auth");
    expect(auth).toMatchObject({ state: "closed", failed: "0 %", slow: "0 %", refused: "0" });
    expect(Number(auth?.calls)).toBeGreaterThan(0);
    expect(rows.map(({ service }) => service)).toEqual(
      expect.arrayContaining(["content", "image", "timeline"]),
    );
    expect(rows.map(({ service }) => service)).not.toContain("api");
  });
});

describe("what can't be done is told in one line, with what can", () => {
  it.each([
    ["keys", "Expected one of: keys show | keys rotate"],
    ["keys toString", "Expected one of: keys show | keys rotate"],
    ["deadletters show", "deadletters show: ID is missing: deadletters show ID"],
    ["deadletters show a b", "deadletters show: too many words: deadletters show ID"],
    [
      "deadletters show x",
      'deadletters show: there is no dead letter x: "deadletters list" shows the open ones',
    ],
    ["deadletters list --side both", "deadletters list: SIDE is both: expected publisher or listener"],
    ["deadletters list --limit 9999", "deadletters list: limit can't be taken: expected at most 1000"],
    ["topics lag --groups x", "topics lag: Unknown option '--groups': topics lag [--group GROUP]"],
    [
      "jobs run nope",
      `jobs run: name can't be taken: expected one of ${JOBS.map(({ name }) => name).join(", ")}`,
    ],
    [
      "events replay",
      "events replay: --date is missing: events replay --date DATE [--family FAMILY] [--type TYPE] [--dry-run]",
    ],
    ["events replay --date today", "events replay: --date is today: expected a date such as 20261125"],
    ["events replay --date 20261125 --family x", "events replay: x is no family of topics"],
    [
      "events republish --from x --to y",
      "events republish: --from is x: expected a time such as 2026-11-25T09:00:00Z",
    ],
  ])("%s", async (line, answer) => {
    expect(await repl.run(line)).toBe(answer);
  });
});

it("lists every command in the README", () => {
  const rows = readFileSync("README.md", "utf8").matchAll(/^\| `((?:\w+) (?:\w+)[^`]*)` \| (.*) \|$/gm);
  const listed = [...rows].map(([, usage, purpose]) => ({ usage, purpose }));
  for (const { usages } of COMMANDS) for (const usage of usages) expect(listed).toContainEqual(usage);
});

describe("over the mesh", () => {
  const transporter = process.env.TEST_REDIS_URL;

  it.skipIf(!transporter)("a node that runs nothing of it gives every command", async () => {
    const mesh = { TRANSPORTER: String(transporter) };
    const owner = await ReplProcess.start(store, { ...mesh, SERVICES: "auth,member,content,activity,batch" });
    const alone = await ReplProcess.start(store, { ...mesh, SERVICES: "none" });
    expect(await alone.run("keys show")).toBe(await owner.run("keys show"));
    expect(await alone.run("jobs run clean-expired")).toMatch(/^done in/);
    expect(await alone.run("deadletters show x")).toMatch(/there is no dead letter x/);
    expect(await alone.run("topics list")).toBe(await owner.run("topics list"));
    expect(await owner.quit()).toBe(0);
    expect(await alone.run("keys show")).toBe(
      "keys show: no node of the mesh runs auth: start one with SERVICES=auth (or all)",
    );
    expect(await alone.quit()).toBe(0);
  });
});
