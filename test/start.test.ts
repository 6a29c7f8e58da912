import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TEST_ENVIRONMENT } from "./support/app.ts";
import { emptyStore, type Store } from "./support/service.ts";

let store: Store;

beforeAll(async () => {
  store = await emptyStore();
});
afterAll(async () => {
  await store.remove();
});

/** Runs the product and answers how it ended. */
async function run(args: readonly string[], variables: Record<string, string>, input = "") {
  const child = spawn(process.execPath, ["main.ts", ...args], {
    env: { PATH: process.env.PATH, ...TEST_ENVIRONMENT, ...store.env, ...variables },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  child.stdin.on("error", () => {});
  if (input) {
    child.stdout.on("data", () => {
      if (stdout.includes("dailyfeed $") && !child.stdin.writableEnded) child.stdin.end(input);
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}

describe("a start that can't work ends with one line and status 1", () => {
  it.each([
    ["PORT", { PORT: "99999" }, /^dailyfeed: PORT is "99999": expected a port/],
    ["SERVICES", { SERVICES: "feed" }, /^dailyfeed: SERVICES is "feed": expected all, none, or some of/],
    ["JWT_KEY_GRACE", { JWT_KEY_GRACE: "1m" }, /^dailyfeed: JWT_KEY_GRACE is shorter than JWT_ACCESS_TTL/],
    [
      "DATABASE_URL",
      { DATABASE_URL: "mysql://user:secret@127.0.0.1:1/db" },
      /^dailyfeed: DATABASE_URL is "127.0.0.1:1": the database can't be used \(.*ECONNREFUSED/,
    ],
  ])("%s", async (_name, variables, line) => {
    const { code, stderr } = await run([], variables);
    expect(code).toBe(1);
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd()).not.toMatch(/\n|secret/);
  });

  it("DATA_DIR that is a file", async () => {
    const file = join(store.env.DATA_DIR ?? "", "file");
    writeFileSync(file, "");
    const { code, stderr } = await run([], { DATA_DIR: file, DATABASE_URL: "" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^dailyfeed: DATA_DIR is ".*file": the database can't be used \(.*\)\n$/);
  });

  it("DATA_DIR where nothing can be made, and HOST that isn't this machine", async () => {
    const folder = await run([], { DATA_DIR: "/proc/dailyfeed", DATABASE_URL: "" });
    expect([folder.code, folder.stderr]).toEqual([
      1,
      expect.stringMatching(/^dailyfeed: DATA_DIR is "\/proc\/dailyfeed": .*\n$/),
    ]);
    const host = await run([], { HOST: "nope.invalid", PORT: "28123" });
    expect([host.code, host.stderr]).toEqual([
      1,
      expect.stringMatching(/^dailyfeed: HOST is "nope.invalid": .*\n$/),
    ]);
  });

  it("a port in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    for (const variable of ["PORT", "METRICS_PORT"]) {
      const { code, stderr } = await run([], { [variable]: String(port) });
      expect(code).toBe(1);
      expect(stderr).toBe(`dailyfeed: ${variable} is ${port}: the port is in use on 127.0.0.1\n`);
    }
    other.close();
  });
});

describe("the REPL", () => {
  it("calls actions of the node", async () => {
    const commands = [
      "call timeline.listRecentPosts --size 2 --#memberId 1",
      "call auth.listKeys",
      "quit",
      "",
    ];
    const { code, stdout } = await run(["--repl"], {}, commands.join("\n"));
    expect(code).toBe(0);
    expect(stdout).toContain("Call 'timeline.listRecentPosts'");
    expect(stdout).toMatch(/hasNext:.*false/);
    expect(stdout).toMatch(/isPrimary:.*true/);
    expect(stdout).not.toContain("secret");
  });
});

describe("roles", () => {
  it("of a process without the gateway: it runs, listens nowhere, and stops cleanly", async () => {
    const child = spawn(process.execPath, ["main.ts", "--services", "content,batch"], {
      env: { PATH: process.env.PATH, ...TEST_ENVIRONMENT, ...store.env },
    });
    let output = "";
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (data) => {
        output += data;
        if (output.includes("redis")) resolve();
      });
    });
    expect(output).toContain("(content, batch)");
    expect(output).not.toContain("  api ");
    child.kill("SIGTERM");
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
  });
});
