import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, startProcess } from "../support/app.ts";
import { emptyStore, type Store } from "../support/service.ts";

/** Jobs as processes of their own: `npm run job -- <name>...`. */

let store: Store;
beforeAll(async () => {
  store = await emptyStore();
});
afterAll(() => store.remove());

async function job(names: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["scripts/job.ts", ...names], {
    env: { PATH: process.env.PATH, ...store.env, LOG_LEVEL: "error", ...environment },
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const [code] = await once(child, "close");
  const reports = output.split("\n").filter((line) => line.startsWith("{"));
  return { code, reports: reports.map((line) => JSON.parse(line)), errors };
}

it("run one after the other, each with a report", async () => {
  const { code, reports } = await job(["clean-expired", "rotate-keys"]);
  expect(code).toBe(0);
  expect(reports.map(({ name, outcome }) => `${name} ${outcome}`).sort()).toEqual([
    "clean-expired DONE",
    "rotate-keys DONE",
  ]);
});

it("say which names there are", async () => {
  for (const names of [[], ["tidy-up"], ["rotate-keys", "tidy-up"]]) {
    const { code, errors } = await job(names);
    expect(code).toBe(2);
    expect(errors).toMatch(/^job: unknown job ".*": expected one or more of rotate-keys, .*\n$/);
  }
});

const redis = process.env.TEST_REDIS_URL;
describe.skipIf(!redis)("in a mesh (TEST_REDIS_URL)", () => {
  let images: App;
  const transporter = { TRANSPORTER: redis ?? "" };
  beforeAll(async () => {
    images = await startProcess(store, { ...transporter, SERVICES: "api,image", NODE_ID: "images" });
  });
  afterAll(() => images.stop());

  it("ask the nodes that own the work, and tell of work that nobody owns", async () => {
    const { code, reports, errors } = await job(["remove-image-orphans", "clean-expired"], transporter);
    expect(reports).toMatchObject([{ name: "remove-image-orphans", outcome: "DONE" }]);
    expect(errors).toMatch(/job: clean-expired failed: /);
    expect(code).toBe(1);
  });
});
