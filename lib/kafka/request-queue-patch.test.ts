import { createRequire } from "node:module";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { stopIdleTimers } from "./request-queue-patch.ts";

const RequestQueue = createRequire(import.meta.url)("kafkajs/src/network/requestQueue");

function queueWith(state: { throttledUntil: number; pending: readonly unknown[] }) {
  return Object.assign(Object.create(RequestQueue.prototype), {
    throttleCheckTimeoutId: null,
    checkPendingRequests: vi.fn(),
    ...state,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  stopIdleTimers();
});
afterEach(() => vi.useRealTimers());

it("arms no timer for an idle connection", () => {
  queueWith({ throttledUntil: -1, pending: [] }).scheduleCheckPendingRequests();
  expect(vi.getTimerCount()).toBe(0);
});

it("looks at waiting requests again, once", () => {
  const queue = queueWith({ throttledUntil: -1, pending: ["request"] });
  queue.scheduleCheckPendingRequests();
  queue.scheduleCheckPendingRequests();
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(10);
  expect(queue.checkPendingRequests).toHaveBeenCalledTimes(1);
});

it("waits as long as the broker asks for", () => {
  const queue = queueWith({ throttledUntil: Date.now() + 500, pending: ["request"] });
  queue.scheduleCheckPendingRequests();
  vi.advanceTimersByTime(499);
  expect(queue.checkPendingRequests).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(queue.checkPendingRequests).toHaveBeenCalledTimes(1);
});
