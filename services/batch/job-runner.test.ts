import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Job } from "../../config/jobs.ts";
import { LeaseStore } from "../../lib/leases/lease-store.ts";
import { leaseDatabase } from "../../lib/sql/shared-database.ts";
import { JobRunner } from "./job-runner.ts";

const JOB: Job = { name: "count", action: "s.count", schedule: "* * * * *", purpose: "Counts" };

let folder: string;
let lease: ReturnType<typeof leaseDatabase>;
let runs: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "dailyfeed-jobs-"));
  lease = leaseDatabase({ kind: "sqlite", file: join(folder, "test.sqlite") });
  await lease.ready();
  runs = 0;
});
afterEach(async () => {
  await lease.release();
  rmSync(folder, { recursive: true, force: true });
});

function runner(node: string, work: () => Promise<unknown> = async () => ++runs): JobRunner {
  // Time stands still: however slow the machine, no lease runs out.
  return new JobRunner(new LeaseStore(lease.database, { now: () => Date.UTC(2026, 10, 25) }), node, work);
}

test("a tick is done by one node, however many wake up for it, soon after too", async () => {
  const nodes = Array.from({ length: 5 }, (_, index) => runner(`node-${index}`));
  const outcomes = await Promise.all(nodes.map((node) => node.runScheduled(JOB)));
  expect(outcomes.filter(({ outcome }) => outcome === "DONE")).toHaveLength(1);
  expect((await runner("late").runScheduled(JOB)).outcome).toBe("ELSEWHERE");
  expect(runs).toBe(1);
});

test("by hand it runs again at once, but never beside itself", async () => {
  await runner("a").runScheduled(JOB);
  expect(await runner("b").run(JOB)).toMatchObject({ outcome: "DONE", result: 2 });
  const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
  const work = () => {
    begun.resolve();
    return end.promise;
  };
  const running = runner("c", work).run(JOB);
  await begun.promise;
  expect((await runner("d").run(JOB)).outcome).toBe("ELSEWHERE");
  end.resolve("slow");
  expect(await running).toMatchObject({ outcome: "DONE", result: "slow" });
  expect((await runner("e").run(JOB)).outcome).toBe("DONE");
});

test("a failed run lets the next one in", async () => {
  const failing = runner("a", async () => {
    throw new Error("no");
  });
  await expect(failing.run(JOB)).rejects.toThrow("no");
  expect((await runner("b").run(JOB)).outcome).toBe("DONE");
});
