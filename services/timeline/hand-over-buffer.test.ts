import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HandOverBuffer, type HandOverBufferOptions } from "./hand-over-buffer.ts";
import { type View, viewKey } from "./reads.ts";

const view = (postId: number, memberId = 1, viewedAt = 5): View => ({ postId, memberId, viewedAt });
const views = (count: number, from = 1) => Array.from({ length: count }, (_, index) => view(from + index));

let sent: View[][];
let warnings: [string, object][];

function buffer(options: Partial<HandOverBufferOptions<View>> = {}): HandOverBuffer<View> {
  return new HandOverBuffer({
    what: "views",
    keyOf: viewKey,
    send: async (batch) => sent.push([...batch]),
    warn: (message, details) => warnings.push([message, details]),
    ...options,
  });
}
const tick = () => vi.advanceTimersByTimeAsync(1_000);

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  warnings = [];
});
afterEach(() => vi.useRealTimers());

describe("views", () => {
  test("go together, once a second, and only while there are some", async () => {
    const collected = buffer();
    expect(vi.getTimerCount()).toBe(0);
    collected.note(view(1));
    await vi.advanceTimersByTimeAsync(999);
    collected.note(view(2));
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([[view(1), view(2)]]);
    expect(vi.getTimerCount()).toBe(0);
    collected.note(view(3));
    await tick();
    expect(sent).toHaveLength(2);
  });

  test("of one reader and post go once, with the time of the first", async () => {
    const collected = buffer();
    collected.note(view(1, 1, 10));
    collected.note(view(1, 1, 20));
    collected.note(view(1, 2, 30));
    collected.note(view(2, 1, 40));
    await tick();
    expect(sent).toEqual([[view(1, 1, 10), view(1, 2, 30), view(2, 1, 40)]]);
  });

  test("go in batches of at most 1,000", async () => {
    const collected = buffer();
    for (const each of views(2_001)) collected.note(each);
    await tick();
    expect(sent.map(({ length }) => length)).toEqual([1_000, 1_000, 1]);
    expect(sent.flat()).toEqual(views(2_001));
  });

  test("that come while others go wait for the next round", async () => {
    let finish: () => void = () => {};
    const collected = buffer({
      send: (batch) => {
        sent.push([...batch]);
        return new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
    });
    collected.note(view(1));
    await tick();
    collected.note(view(2));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual([[view(1)]]);
    finish();
    await tick();
    expect(sent).toEqual([[view(1)], [view(2)]]);
    finish();
  });
});

describe("a failure", () => {
  test("keeps what wasn't handed over for the next round, and warns once", async () => {
    let isAway = true;
    let calls = 0;
    const collected = buffer({
      send: async (batch) => {
        if (isAway && ++calls % 2 === 0) throw new Error("away");
        sent.push([...batch]);
      },
    });
    for (const each of views(2_500)) collected.note(each);
    await tick();
    expect(sent.map(({ length }) => length)).toEqual([1_000]);
    expect(collected.size).toBe(1_500);
    await tick();
    expect(sent.map(({ length }) => length)).toEqual([1_000, 1_000]);
    isAway = false;
    await tick();
    expect(sent.flat()).toEqual(views(2_500));
    expect(warnings.map(([message]) => message)).toEqual(["views could not be handed over"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that lasts keeps the oldest views, drops newer ones and tells how many", async () => {
    let isAway = true;
    const collected = buffer({
      capacity: 3,
      send: async (batch) => {
        if (isAway) throw new Error("away");
        sent.push([...batch]);
      },
    });
    for (const each of views(5)) collected.note(each);
    await tick();
    collected.note(view(6));
    isAway = false;
    await tick();
    expect(sent).toEqual([views(3)]);
    const dropped = warnings.filter(([message]) => message.startsWith("views were dropped"));
    expect(dropped.map(([, details]) => details)).toEqual([{ dropped: 2 }, { dropped: 1 }]);
  });
});

describe("stopping", () => {
  test("hands over what is there, after what is on its way", async () => {
    let finish: () => void = () => {};
    const collected = buffer({
      send: (batch) => {
        sent.push([...batch]);
        return sent.length > 1 ? Promise.resolve() : new Promise<void>((resolve) => (finish = resolve));
      },
    });
    collected.note(view(1));
    await tick();
    collected.note(view(2));
    const stopped = collected.stop();
    finish();
    await stopped;
    expect(sent).toEqual([[view(1)], [view(2)]]);
    expect(vi.getTimerCount()).toBe(0);
    expect(warnings).toEqual([]);
  });

  test("with the receiver away tells what is lost, and doesn't fail", async () => {
    const collected = buffer({ send: () => Promise.reject(new Error("away")) });
    collected.note(view(1));
    await collected.stop();
    expect(warnings.at(-1)).toEqual(["views are lost: the node stops", { lost: 1 }]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
