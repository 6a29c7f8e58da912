import type { TSchema } from "@sinclair/typebox";
import { validationError } from "../../contracts/errors.ts";
import type { Endpoint } from "./endpoints.ts";

export interface RequestParts {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/**
 * The params of an action from the parts of a request: path, then body (writes) or query string (reads).
 * Texts of path and query become numbers and booleans where the schema wants them and they are such;
 * everything else is left for the action's own validation.
 * @throws VALIDATION_ERROR when a body isn't an object, or a text isn't Unicode
 */
export function readParamsOrThrow(endpoint: Endpoint, parts: RequestParts): Record<string, unknown> {
  const properties: Record<string, TSchema> = endpoint.params.properties;
  const source = endpoint.method === "GET" ? parts.query : bodyOrThrow(parts.body);
  const params: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    if (endpoint.pathParameters.includes(name)) params[name] = typed(parts.path[name], schema);
    else if (Object.hasOwn(source, name)) {
      const value = endpoint.method === "GET" ? typed(source[name], schema) : source[name];
      if (value !== undefined) params[name] = value;
    }
  }
  for (const [name, value] of Object.entries(params)) requireWellFormed(name, value);
  return params;
}

/**
 * Half a surrogate pair can't be stored: it would come back as something else.
 * @throws VALIDATION_ERROR
 */
function requireWellFormed(field: string, value: unknown): void {
  const isBroken = (text: unknown) => typeof text === "string" && !text.isWellFormed();
  if (isBroken(value) || (Array.isArray(value) && value.some(isBroken))) {
    throw validationError({ field, rule: "well-formed" });
  }
}

function bodyOrThrow(body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined || body === null) return {};
  if (typeof body !== "object" || Array.isArray(body))
    throw validationError({ field: "", rule: "type", limit: "object" });
  return body as Record<string, unknown>;
}

/** An empty cursor counts as absent, an empty number is a wrong one. */
function typed(value: unknown, schema: TSchema): unknown {
  if (typeof value !== "string") return value;
  const type: unknown = schema.type;
  if (type === "integer" || type === "number")
    return /^-?(0|[1-9]\d{0,15})$/.test(value) ? Number(value) : value;
  if (type === "boolean") return value === "true" ? true : value === "false" ? false : value;
  return value;
}
