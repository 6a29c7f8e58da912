import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MemberSession, signUp } from "../scripts/client/member-session.ts";
import { RestClient } from "../scripts/client/rest-client.ts";
import { noProgress } from "../scripts/terminal/progress.ts";
import { type ImportCheck, importAndCompare } from "../scripts/verify/import-and-compare.ts";
import { type App, startApp } from "./support/app.ts";

const REAL_DATA = process.env.TEST_REAL_DATA_DIR;
const MEMBERS = 30;
/** A ring with chords: everybody has a handful of neighbours, some share none. */
const GRAPH = Array.from({ length: MEMBERS }, (_, u) =>
  [1, 5, 11].map((step) => `${u} ${(u + step) % MEMBERS}`).join("\n"),
).join("\n");
/** Every seventh text comes twice, as in real input. */
const TEXTS = [
  "id\ttext",
  ...Array.from({ length: 420 }, (_, i) => `${i}\t글 ${i - (i % 7 === 6 ? 1 : 0)} 😀`),
].join("\n");
const SIZES = { posts: 300, comments: 100, likes: 200 };

let folder: string;
let app: App;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "import-test-"));
  app = await startApp();
});

afterEach(async () => {
  await app.stop();
  rmSync(folder, { recursive: true });
});

function check(changes: Partial<ImportCheck> = {}): ImportCheck {
  return {
    url: app.url,
    stateFile: stateFile(),
    graph: GRAPH,
    texts: TEXTS,
    ...SIZES,
    prefix: "ring",
    concurrency: 4,
    members: 5,
    seed: 42,
    startProgress: noProgress,
    ...changes,
  };
}

function stateFile(): string {
  return join(folder, "state.jsonl");
}

function stateLines(): string[] {
  return readFileSync(stateFile(), "utf8").trimEnd().split("\n");
}

test("the lists of members equal those computed from the input files", { timeout: 300_000 }, async () => {
  const result = await importAndCompare(check());
  expect(result.differences).toEqual([]);
  expect(result.counts).toMatchObject({ members: MEMBERS, follows: 6 * MEMBERS, posts: 300, comments: 100 });
  expect(result.rows).toBeGreaterThan(2000);
});

test("the comparison sees a like that the input does not hold", { timeout: 300_000 }, async () => {
  expect((await importAndCompare(check())).differences).toEqual([]);
  await likeNewestPostAsStranger();
  expect((await importAndCompare(check())).differences.join("\n")).toContain("/timeline/posts/most-popular");
});

async function likeNewestPostAsStranger(): Promise<void> {
  const client = new RestClient({ baseUrl: app.url });
  const credentials = { email: "stranger@example.com", password: "Strange1!" };
  await signUp(client, { ...credentials, memberName: "stranger", handle: "stranger" });
  const session = new MemberSession(client, credentials);
  const newest = await session.call<{ content: readonly { id: number }[] }>({
    method: "GET",
    path: "/timeline/posts/recent-activities?size=1",
  });
  await session.call({ method: "POST", path: `/posts/${newest.content[0]?.id}/like` });
}

test.each([
  ["the last post", { posts: 60, comments: 0, likes: 0 }, (line: string) => line.includes('"post":59')],
  ["the last comments", { posts: 40, comments: 30, likes: 50 }, lastComments(30, 4)],
])(
  "%s, made but not noted when a run was killed, is not made again",
  { timeout: 300_000 },
  async (_, sizes, unnoted) => {
    await importAndCompare(check(sizes));
    const lines = stateLines();
    const kept = lines.filter((line) => !unnoted(line) && !line.startsWith('{"likes":'));
    expect(kept.length).toBeLessThan(lines.length);
    writeFileSync(stateFile(), `${kept.join("\n")}\n`);
    const result = await importAndCompare(check(sizes));
    expect(result.differences).toEqual([]);
    expect(result.counts).toMatchObject({ posts: sizes.posts, comments: sizes.comments });
  },
);

function lastComments(total: number, count: number): (line: string) => boolean {
  return (line) => Number(/^{"comment":(\d+)/.exec(line)?.[1] ?? -1) >= total - count;
}

test("killed while posting, the same command finishes without duplicates", { timeout: 300_000 }, async () => {
  const [graph, texts] = [join(folder, "graph.edges"), join(folder, "texts.tsv")];
  writeFileSync(graph, GRAPH);
  writeFileSync(texts, TEXTS);
  const args = ["--graph", graph, "--texts", texts, "--limit", "300", "--comments", "100", "--likes", "200"];
  const options = ["--prefix", "ring", "--state", stateFile(), "--concurrency", "4"];

  const way = await wayThatFallsSilent(30);
  const first = runImport([...args, ...options, "--url", way.url]);
  await Promise.race([way.silence, first.ended]);
  first.child.kill("SIGKILL");
  expect(await first.ended, first.output()).toBe("SIGKILL");
  way.close();
  expect(postsNoted()).toBe(30);

  const second = runImport([...args, ...options, "--url", app.url]);
  expect(await second.ended, second.output()).toBe(0);
  expect(second.output()).toContain("posts         300 of 300");
  expect(second.output()).toContain("by earlier runs");
  expect((await importAndCompare(check())).differences).toEqual([]);
});

/** A way to the product that answers so many posts; of the next one nobody hears that it was made. */
async function wayThatFallsSilent(
  afterPosts: number,
): Promise<{ url: string; silence: Promise<void>; close: () => void }> {
  const { promise: silence, resolve: fallSilent } = Promise.withResolvers<void>();
  let made = 0;
  const server = createServer((incoming, outgoing) => {
    const { method, url = "", headers } = incoming;
    const passed = request(app.url + url, { method, headers }, (answer) => {
      if (method === "POST" && url === "/api/posts" && ++made > afterPosts) {
        answer.resume();
        fallSilent();
      } else answer.pipe(outgoing.writeHead(answer.statusCode ?? 502, answer.headers));
    });
    incoming.pipe(passed);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    silence,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

test("beside an import whose state file is lost, nothing is made, however often it is tried", {
  timeout: 300_000,
}, async () => {
  const small = { posts: 10, comments: 0, likes: 0 };
  const { password } = await importAndRemember(small);
  const [graph, texts] = [join(folder, "graph.edges"), join(folder, "texts.tsv")];
  writeFileSync(graph, GRAPH);
  writeFileSync(texts, TEXTS);
  const args = ["--graph", graph, "--texts", texts, "--limit", "10", "--comments", "0", "--likes", "0"];
  const another = [
    "--url",
    app.url,
    "--prefix",
    "ring",
    "--password",
    password,
    "--state",
    join(folder, "b"),
  ];
  for (let attempt = 0; attempt < 2; attempt++) {
    const run = runImport([...args, ...another]);
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain("the handle ring_0 exists");
  }
  expect((await importAndCompare(check(small))).differences).toEqual([]);
});

async function importAndRemember(sizes: Partial<ImportCheck>): Promise<{ password: string }> {
  await importAndCompare(check(sizes));
  return JSON.parse(stateLines()[0] ?? "") as { password: string };
}

function postsNoted(): number {
  return stateLines().filter((line) => line.startsWith('{"post":')).length;
}

test("without its files the import shows how it is used", async () => {
  const run = runImport(["--graph", "x"]);
  expect(await run.ended).toBe(2);
  expect(run.output()).toContain("--texts is missing");
});

function runImport(args: readonly string[]): {
  child: ChildProcess;
  ended: Promise<number | NodeJS.Signals | null>;
  output: () => string;
} {
  const child = spawn(process.execPath, ["scripts/import.ts", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  return { child, ended, output: () => output };
}

test.skipIf(REAL_DATA === undefined)(
  "a real network of 962 people (needs TEST_REAL_DATA_DIR with socfb-Reed98.edges and korean-reviews.tsv)",
  { timeout: 1_800_000 },
  async () => {
    const result = await importAndCompare(
      check({
        graph: readFileSync(join(REAL_DATA ?? "", "socfb-Reed98.edges"), "utf8"),
        texts: readFileSync(join(REAL_DATA ?? "", "korean-reviews.tsv"), "utf8"),
        posts: 20_000,
        comments: 10_000,
        likes: 20_000,
        members: 50,
        concurrency: 8,
      }),
    );
    expect(result.differences).toEqual([]);
    expect(result.counts).toMatchObject({ members: 962, follows: 37_624, posts: 20_000, comments: 10_000 });
  },
);
