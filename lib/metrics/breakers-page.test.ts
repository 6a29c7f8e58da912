import { expect, it } from "vitest";
import { breakersPage } from "./breakers-page.ts";

const REPORT = {
  since: Date.parse("2026-11-28T00:00:00Z"),
  calls: 9,
  failureRate: 0,
  slowRate: 0,
  refused: 0,
};

function rowsOf(page: string): string[] {
  return page.split("<tr>").map((row) =>
    row
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim(),
  );
}

it("shows each breaker in words, and nothing that a name could inject", () => {
  const page = breakersPage(
    [
      { ...REPORT, service: "content", state: "OPEN", failureRate: 0.556, refused: 1_234 },
      { ...REPORT, service: "member", state: "CLOSED" },
      { ...REPORT, service: "<b>", state: "HALF_OPEN" },
    ],
    [],
  );
  expect(
    rowsOf(page)
      .slice(2)
      .map((row) => row.replace(/ Heavy.*/, "")),
  ).toEqual([
    "content open: calls are refused at once 2026-11-28T00:00:00.000Z 9 56 % 0 % 1234",
    "member closed: calls go through 2026-11-28T00:00:00.000Z 9 0 % 0 % 0",
    "&#60;b&#62; half-open: a few calls are tried 2026-11-28T00:00:00.000Z 9 0 % 0 % 0",
  ]);
  expect(breakersPage([], [])).toContain("It calls none yet");
});

it("shows how much of each kind of heavy work is going on", () => {
  const queue = { bulkhead: "image.image", running: 2, concurrency: 2, waiting: 30, maxQueueSize: 32 };
  expect(rowsOf(breakersPage([], [queue])).at(-1)).toBe("image.image 2 2 30 32");
  expect(breakersPage([], [])).toContain("None of its services does any");
});
