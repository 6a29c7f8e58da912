import { expect, test } from "vitest";
import { dateRangeOrThrow } from "./date-range.ts";

const START = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;
const rejection = (field: string) =>
  expect.objectContaining({
    type: "VALIDATION_ERROR",
    data: { errors: [expect.objectContaining({ field })] },
  });

test("includes both ends", () => {
  expect(dateRangeOrThrow("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")).toEqual({
    start: START,
    end: START + DAY,
  });
  expect(dateRangeOrThrow("2024-01-01T00:00:00", "2024-01-01T00:00:00Z")).toEqual({
    start: START,
    end: START,
  });
});

test("is 366 days long at most", () => {
  expect(dateRangeOrThrow("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z").end).toBe(START + 366 * DAY);
  expect(() => dateRangeOrThrow("2024-01-01T00:00:00Z", "2025-01-01T00:00:00.001Z")).toThrow(
    rejection("endDate"),
  );
});

test("has its start before its end, in whatever zones they are", () => {
  expect(() => dateRangeOrThrow("2024-01-01T09:00:00Z", "2024-01-01T09:30:00+09:00")).toThrow(
    rejection("startDate"),
  );
  expect(dateRangeOrThrow("2024-01-01T09:30:00+09:00", "2024-01-01T09:00:00Z")).toEqual({
    start: START + DAY / 48,
    end: START + DAY * (9 / 24),
  });
});

test.each([["2024-01-01"], ["yesterday"], [""]])("refuses %j", (text) => {
  expect(() => dateRangeOrThrow(text, "2024-01-01T00:00:00Z")).toThrow(rejection("startDate"));
  expect(() => dateRangeOrThrow("2024-01-01T00:00:00Z", text)).toThrow(rejection("endDate"));
});
