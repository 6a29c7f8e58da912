import { Type } from "@sinclair/typebox";
import { Ajv, type ValidateFunction } from "ajv";
import type { Request } from "./requests.ts";

/** Tells what is wrong with a request; undefined where nothing is. */
export type RequestRules = (request: Request) => string | undefined;

const ajv = new Ajv({ allErrors: true });
const closed = { additionalProperties: false };

const DIGITS = Type.String({ pattern: "^[0-9]+$" });
const NO_QUERY = Type.Object({}, closed);
const COLLECTION = Type.Object(
  {
    name: Type.String({ pattern: "^[A-Za-z0-9_-]+$" }),
    fields: Type.Array(
      Type.Object(
        {
          name: Type.String({ pattern: "^[A-Za-z]+$" }),
          type: Type.Union([Type.Literal("string"), Type.Literal("int64"), Type.Literal("int64[]")]),
          optional: Type.Optional(Type.Boolean()),
          sort: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
      { minItems: 1 },
    ),
    default_sorting_field: Type.Optional(Type.String()),
  },
  closed,
);
const SEARCH = Type.Object(
  {
    collection: Type.String(),
    q: Type.String({ minLength: 1 }),
    query_by: Type.Optional(Type.String()),
    filter_by: Type.Optional(Type.String({ minLength: 1 })),
    sort_by: Type.Optional(Type.String()),
    offset: Type.Optional(Type.Integer({ minimum: 0 })),
    limit: Type.Integer({ minimum: 1 }),
    include_fields: Type.Optional(Type.String()),
    num_typos: Type.Optional(Type.String()),
    prefix: Type.Optional(Type.String()),
    drop_tokens_threshold: Type.Optional(Type.Integer()),
    typo_tokens_threshold: Type.Optional(Type.Integer()),
    min_len_1typo: Type.Optional(Type.Integer()),
  },
  closed,
);
/** In an address, all values are texts. */
const SEARCH_QUERY = Type.Object(
  {
    q: Type.String({ minLength: 1 }),
    query_by: Type.String(),
    filter_by: Type.Optional(Type.String({ minLength: 1 })),
    ...{
      sort_by: Type.String(),
      include_fields: Type.String(),
      num_typos: Type.String(),
      prefix: Type.String(),
    },
    ...{ offset: DIGITS, limit: DIGITS, max_candidates: DIGITS },
    ...{ drop_tokens_threshold: DIGITS, typo_tokens_threshold: DIGITS },
  },
  closed,
);
const LINES = Type.Array(Type.Object({ id: Type.String() }));

/** By method and path; `*` is a name. Written by hand: what the driver needs of Typesense's API, and nothing else. */
const RULES: Readonly<Record<string, { query: ValidateFunction; body?: ValidateFunction }>> = {
  "GET collections": rules(Type.Object({ exclude_fields: Type.Optional(Type.String()) }, closed)),
  "POST collections": rules(NO_QUERY, COLLECTION),
  "GET collections/*": rules(NO_QUERY),
  "DELETE collections/*": rules(NO_QUERY),
  "DELETE collections/*/documents": rules(Type.Object({ filter_by: Type.String({ minLength: 1 }) }, closed)),
  "POST collections/*/documents/import": rules(
    Type.Object({ action: Type.Literal("upsert"), batch_size: Type.Optional(Type.String()) }, closed),
    LINES,
  ),
  "GET collections/*/documents/search": rules(SEARCH_QUERY),
  "GET aliases": rules(NO_QUERY),
  "GET aliases/*": rules(NO_QUERY),
  "PUT aliases/*": rules(NO_QUERY, Type.Object({ collection_name: Type.String() }, closed)),
  "DELETE aliases/*": rules(NO_QUERY),
  "POST multi_search": rules(
    NO_QUERY,
    Type.Object({ searches: Type.Array(SEARCH, { minItems: 1 }) }, closed),
  ),
};

function rules(query: object, body?: object) {
  return { query: ajv.compile(query), ...(body ? { body: ajv.compile(body) } : {}) };
}

/** The rules that a clone has; with TEST_TYPESENSE_OPENAPI the published description is asked, too. */
export const ownRules: RequestRules = ({ method, path, query, body }) => {
  const name = `${method} ${path.map((part, at) => (at === 1 ? "*" : part)).join("/")}`;
  const rule = RULES[name];
  if (!rule) return `${name} is no request of the driver`;
  if (!rule.query(query)) return `${name}: ${ajv.errorsText(rule.query.errors, { dataVar: "query" })}`;
  if (!rule.body) return body === "" ? undefined : `${name} has a body`;
  const isImport = name.endsWith("/import");
  if (!rule.body(isImport ? body.split("\n").map((line) => JSON.parse(line)) : JSON.parse(body))) {
    return `${name}: ${ajv.errorsText(rule.body.errors, { dataVar: "body" })}`;
  }
  return undefined;
};
