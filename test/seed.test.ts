import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { walkByCursor } from "../scripts/client/list-walk.ts";
import { MemberSession } from "../scripts/client/member-session.ts";
import { RestClient } from "../scripts/client/rest-client.ts";
import { type App, startApp } from "./support/app.ts";

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let app: App;
let first: Run;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "seed-test-"));
  app = await startApp();
  first = await seed(folder);
}, 300_000);

afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true });
});

function seed(dataDir: string, ...args: readonly string[]): Promise<Run> {
  const env = { ...process.env, DATA_DIR: dataDir };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["scripts/seed.ts", "--url", app.url, ...args],
      { env },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      },
    );
  });
}

function printed(run: Run): { email: string; password: string } {
  const match = /e-mail +(\S+)\n +password +(\S+)/.exec(run.stdout);
  if (!match) throw new Error(`no log-in in:\n${run.stdout}${run.stderr}`);
  return { email: match[1] as string, password: match[2] as string };
}

function totals(run: Run): Record<string, number> {
  const lines = [...run.stdout.matchAll(/^([a-z ]+?) +(\d+) {3}\d+ new/gm)];
  return Object.fromEntries(lines.map(([, name = "", total]) => [name, Number(total)]));
}

async function recentPosts(session: MemberSession): Promise<PostRow[]> {
  const posts: PostRow[] = [];
  for await (const post of walkByCursor<PostRow>(session, "/timeline/posts/recent-activities", 100)) {
    posts.push(post);
  }
  return posts;
}

interface PostRow {
  readonly id: number;
  readonly likeCount: number;
  readonly commentCount: number;
  readonly authorAvatarUrl: string;
}

test("makes 50 members with posts, three levels of comments and likes, and prints a log-in that works", async () => {
  expect(first.code, first.stderr).toBe(0);
  expect(totals(first)).toMatchObject({ members: 50, avatars: 50, posts: 100 });
  const session = new MemberSession(new RestClient({ baseUrl: app.url }), printed(first));
  const posts = await recentPosts(session);
  expect(posts).toHaveLength(100);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  expect(sum(posts.map(({ likeCount }) => likeCount))).toBe(totals(first)["post likes"]);
  expect(sum(posts.map(({ commentCount }) => commentCount))).toBe(totals(first).comments);
  const summary = await session.call<{ followingsCount: number; followersCount: number }>({
    method: "GET",
    path: "/members/summary",
  });
  expect(summary.followingsCount).toBeGreaterThanOrEqual(6);
});

test("the avatars are served", async () => {
  const session = new MemberSession(new RestClient({ baseUrl: app.url }), printed(first));
  const urls = new Set((await recentPosts(session)).map(({ authorAvatarUrl }) => authorAvatarUrl));
  expect(urls.size).toBe(50);
  for (const url of urls) {
    const response = await fetch(app.url + url);
    expect(response.status, url).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/webp");
  }
});

test("a second run finds everything, adds nothing, and prints the same log-in", {
  timeout: 300_000,
}, async () => {
  const session = new MemberSession(new RestClient({ baseUrl: app.url }), printed(first));
  const before = await recentPosts(session);
  const second = await seed(folder);
  expect(second.code, second.stderr).toBe(0);
  expect(totals(second)).toEqual(totals(first));
  expect([...second.stdout.matchAll(/(\d+) new/g)].map(([, count]) => count)).toEqual(Array(7).fill("0"));
  expect(printed(second)).toEqual(printed(first));
  expect(await recentPosts(session)).toEqual(before);
});

test("where the password is not known it says so and changes nothing, unless it is given", {
  timeout: 300_000,
}, async () => {
  const elsewhere = join(folder, "elsewhere");
  const unknown = await seed(elsewhere);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain("give the password that the first run printed with --password");
  const wrong = await seed(elsewhere, "--password", "Wrong1!Wrong");
  expect(wrong.code).toBe(1);
  const given = await seed(elsewhere, "--password", printed(first).password);
  expect(given.code, given.stderr).toBe(0);
  expect(totals(given)).toEqual(totals(first));
});
