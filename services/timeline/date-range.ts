import { type FieldError, validationError } from "../../contracts/errors.ts";
import { instantOf } from "../../lib/validation/instant.ts";

/** From `start` to `end`, both included, in whole epoch milliseconds. */
export interface DateRange {
  readonly start: number;
  readonly end: number;
}

const MAX_DAYS = 366;
const DAY = 86_400_000;

/** @throws VALIDATION_ERROR when the end comes before the start or the range is longer than 366 days */
export function dateRangeOrThrow(startDate: string, endDate: string): DateRange {
  const [start, end] = [momentOrThrow("startDate", startDate), momentOrThrow("endDate", endDate)];
  if (start > end) throw outOfRange("startDate", "startDate <= endDate");
  if (end - start > MAX_DAYS * DAY) throw outOfRange("endDate", `startDate..endDate <= ${MAX_DAYS} days`);
  return { start, end };
}

function momentOrThrow(field: string, text: string): number {
  const moment = instantOf(text);
  if (moment === undefined) throw validationError({ field, rule: "format:instant" });
  return moment;
}

function outOfRange(field: string, limit: string) {
  const error: FieldError = { field, rule: "range", limit };
  return validationError(error);
}
