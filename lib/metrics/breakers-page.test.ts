import { expect, it } from "vitest";
import { breakersPage } from "./breakers-page.ts";

const REPORT = {
  since: Date.parse("2026-11-28T00:00:00Z"),
  calls: 9,
  failureRate: 0,
  slowRate: 0,
  refused: 0,
};

it("shows each breaker in words, and nothing that a name could inject", () => {
  const page = breakersPage([
    { ...REPORT, service: "content", state: "OPEN", failureRate: 0.556, refused: 1_234 },
    { ...REPORT, service: "member", state: "CLOSED" },
    { ...REPORT, service: "<b>", state: "HALF_OPEN" },
  ]);
  const rows = page.split("<tr>").map((row) =>
    row
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim(),
  );
  expect(rows.slice(2)).toEqual([
    "content open: calls are refused at once 2026-11-28T00:00:00.000Z 9 56 % 0 % 1234",
    "member closed: calls go through 2026-11-28T00:00:00.000Z 9 0 % 0 % 0",
    "&#60;b&#62; half-open: a few calls are tried 2026-11-28T00:00:00.000Z 9 0 % 0 % 0",
  ]);
  expect(breakersPage([])).toContain("It calls none yet");
});
