import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { WorkQueue } from "./work-queue.ts";

const FULL = { type: "SERVICE_UNAVAILABLE", data: { retryAfter: 1 } };

function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, release: resolve };
}

test("does as many things at once as it may, lets a few wait, and turns the rest away at once", async () => {
  const queue = new WorkQueue({ concurrency: 2, waiting: 1, patience: 60_000 });
  const [first, second] = [held(), held()];
  const started: number[] = [];
  const running = [queue.run(first.work), queue.run(second.work)];
  const waiting = queue.run(async () => void started.push(3));
  await expect(queue.run(async () => void started.push(4))).rejects.toMatchObject(FULL);
  expect(started).toEqual([]);
  first.release();
  await waiting;
  expect(started).toEqual([3]);
  second.release();
  await Promise.all(running);
  await queue.run(async () => void started.push(5));
  expect(started).toEqual([3, 5]);
});

test("goes on after a failure", async () => {
  const queue = new WorkQueue({ concurrency: 1, waiting: 1, patience: 60_000 });
  const failing = queue.run(async () => {
    throw new Error("broken");
  });
  const next = queue.run(async () => "done");
  await expect(failing).rejects.toThrow("broken");
  expect(await next).toBe("done");
});

test("who waits too long is turned away, and its place is free again", async () => {
  const queue = new WorkQueue({ concurrency: 1, waiting: 1, patience: 5 });
  const first = held();
  const running = queue.run(first.work);
  await expect(queue.run(() => delay(0))).rejects.toMatchObject(FULL);
  await expect(queue.run(() => delay(0))).rejects.toMatchObject(FULL);
  first.release();
  await running;
  expect(await queue.run(async () => "done")).toBe("done");
});
