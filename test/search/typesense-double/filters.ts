import { HttpFailure } from "./http-failure.ts";
import type { StoredCollection } from "./stored-collection.ts";
import { tokensOf } from "./tokens.ts";

type Matches = (number: number) => boolean;

/** Most operands and operators of one filter. */
const MOST_OPERATIONS = 100;

/**
 * A `filter_by`, as far as it is used: operands joined by `&&`. Numbers compare, text fields have all of a value's
 * tokens, in any place and order.
 */
export function filterOf(collection: StoredCollection, filterBy: string | undefined): Matches {
  if (filterBy === undefined || filterBy.trim() === "") return () => true;
  const operands = filterBy.split("&&").map((operand) => operandOf(collection, operand.trim()));
  if (operands.length * 2 - 1 > MOST_OPERATIONS) {
    throw new HttpFailure(400, `\`filter_by\` has too many operations. Maximum allowed: ${MOST_OPERATIONS}`);
  }
  return (number) => operands.every((matches) => matches(number));
}

function operandOf(collection: StoredCollection, operand: string): Matches {
  const [, name, value] = /^([A-Za-z]+):(.+)$/.exec(operand) ?? [];
  if (name === undefined || value === undefined)
    throw new HttpFailure(400, "Could not parse the filter query.");
  if (!collection.schema.fields.some((field) => field.name === name)) {
    throw new HttpFailure(404, `Could not find a filter field named \`${name}\` in the schema.`);
  }
  const { type } = collection.fieldOrThrow(name);
  if (type === "string") return hasTokens(collection, name, value);
  const accepts = numbersOf(name, value);
  return (number) => [collection.documents.get(number)?.[name]].flat().some((held) => accepts(Number(held)));
}

function hasTokens(collection: StoredCollection, name: string, value: string): Matches {
  if (/[`[\]"*=!]/.test(value)) throw new HttpFailure(400, `the double knows no filter such as ${value}`);
  const postings = tokensOf(value).map((token) => collection.postings(name, token));
  return (number) => postings.length > 0 && postings.every((documents) => documents.has(number));
}

function numbersOf(name: string, value: string): (held: number) => boolean {
  const [, comparator, operand] = /^([<>]?=?)(-?\d+)$/.exec(value) ?? [];
  if (operand !== undefined) {
    const bound = Number(operand);
    if (comparator === ">") return (held) => held > bound;
    if (comparator === "<") return (held) => held < bound;
    if (comparator === ">=") return (held) => held >= bound;
    if (comparator === "<=") return (held) => held <= bound;
    return (held) => held === bound;
  }
  const list = /^=?\[(-?\d+(?:,\s*-?\d+)*)\]$/.exec(value)?.[1];
  if (list === undefined) throw new HttpFailure(400, `Error with filter field \`${name}\`: Not an int64.`);
  const wanted = new Set(list.split(",").map(Number));
  return (held) => wanted.has(held);
}
