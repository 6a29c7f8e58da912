import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { type Middleware, Validators } from "moleculer";
import {
  domainError,
  type ErrorCode,
  type FieldError,
  isErrorCode,
  validationError,
} from "../../contracts/errors.ts";
import { TEXT_FORMATS } from "./text-formats.ts";

/** Errors that an answer tells at most. */
const MOST_ERRORS = 50;
/** Length of a list whose schema names none. */
const DEFAULT_MAX_ITEMS = 1_000;

type Check = (params: Record<string, unknown>) => boolean;

/**
 * Validates the params of every action against its JSON Schema (made with TypeBox).
 * Lengths count code points; properties the schema doesn't name are dropped; nothing is coerced:
 * turning path and query strings into numbers is the gateway's work.
 */
export class AjvValidator extends Validators.Base {
  readonly #ajv: Ajv;

  constructor() {
    super({});
    this.#ajv = new Ajv({ removeAdditional: "all", useDefaults: true, allErrors: true, strict: false });
    addFormats.default(this.#ajv, ["date-time", "date", "email", "uuid"]);
    for (const [name, test] of Object.entries(TEXT_FORMATS)) this.#ajv.addFormat(name, test);
  }

  /** The check of a schema. @throws VALIDATION_ERROR with one entry for each broken rule */
  override compile(schema: Record<string, unknown>): Check {
    const check: ValidateFunction = this.#ajv.compile(schema);
    const lists = listsOf(schema);
    return (params) => {
      for (const list of lists) requireLength(list, params[list.name]);
      if (check(params)) return true;
      throw validationError(...(check.errors ?? []).slice(0, MOST_ERRORS).flatMap(fieldErrorOf));
    };
  }

  /**
   * Validates before every local action that has a schema. A failure is a rejected promise, never an exception:
   * Moleculer's bulkhead would count an action that throws as running for ever.
   */
  override middleware(): Middleware {
    return {
      name: "Validator",
      localAction: (handler, action) => {
        if (!action.params || typeof action.params !== "object") return handler;
        const check = this.compile(action.params);
        return function (ctx) {
          try {
            check(ctx.params ?? {});
          } catch (error) {
            return Promise.reject(error);
          }
          return handler.call(this, ctx);
        };
      },
    };
  }

  override validate(params: Record<string, unknown>, schema: Record<string, unknown>): boolean {
    return this.compile(schema)(params) === true;
  }

  override convertSchemaToMoleculer(): never {
    throw new Error("Schemas are JSON Schema; there is nothing to convert");
  }
}

interface ListProperty {
  readonly name: string;
  readonly maxItems: number;
  readonly code: ErrorCode;
}

/** The lists among an action's params, each with its greatest length and the error of a longer one (`x-too-many`). */
function listsOf(schema: Record<string, unknown>): ListProperty[] {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>);
  return properties
    .filter(([, { type }]) => type === "array")
    .map(([name, { maxItems, "x-too-many": code }]) => ({
      name,
      maxItems: Number(maxItems ?? DEFAULT_MAX_ITEMS),
      code: isErrorCode(code) ? code : "VALIDATION_ERROR",
    }));
}

/** Before the items are looked at: each wrong one would make an error of its own. */
function requireLength({ name, maxItems, code }: ListProperty, value: unknown): void {
  if (!Array.isArray(value) || value.length <= maxItems) return;
  throw domainError(code, { errors: [{ field: name, rule: "maxItems", limit: maxItems }] });
}

function fieldErrorOf(error: ErrorObject): FieldError[] {
  const path = error.instancePath.slice(1).replaceAll("/", ".");
  const { limit, missingProperty, format, type, allowedValues } = error.params as {
    limit?: number;
    missingProperty?: string;
    format?: string;
    type?: string | string[];
    allowedValues?: unknown[];
  };
  switch (error.keyword) {
    case "required":
      return [{ field: path ? `${path}.${missingProperty}` : String(missingProperty), rule: "required" }];
    case "type":
      return [
        {
          field: path,
          rule: "type",
          limit: Array.isArray(type) ? type.filter((t) => t !== "null").join(", ") : type,
        },
      ];
    case "enum":
      return [
        { field: path, rule: "enum", limit: allowedValues?.filter((v) => v !== null && v !== "").join(", ") },
      ];
    case "format":
      return [{ field: path, rule: `format:${format}` }];
    case "anyOf":
      return [];
    default:
      return [{ field: path, rule: error.keyword, limit }];
  }
}
