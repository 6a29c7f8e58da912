import { type SchemaOptions, type TSchema, type TUnsafe, Type } from "@sinclair/typebox";

/** Ids grow with creation and fit a JSON number. */
export const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** ISO 8601 in UTC with milliseconds. */
export const Timestamp = Type.String({ format: "date-time" });

export const Count = Type.Integer({ minimum: 0 });

/** `T | null`, as one JSON type list, which reads better in the documentation than `anyOf`. */
export function Nullable<T extends TSchema>(schema: T): TUnsafe<T["static"] | null> {
  const { type, enum: values } = schema as { type?: string; enum?: unknown[] };
  if (type === undefined) return Type.Unsafe(Type.Union([schema, Type.Null()]));
  const nullable = { ...schema, type: [type, "null"], ...(values ? { enum: [...values, null] } : {}) };
  return Type.Unsafe<T["static"] | null>(nullable);
}

/** One of several strings. */
export function StringEnum<const T extends string>(
  values: readonly T[],
  options: SchemaOptions = {},
): TUnsafe<T> {
  return Type.Unsafe<T>({ type: "string", enum: [...values], ...options });
}

/** The empty object, for actions that take nothing. */
export const Nothing = Type.Object({});

/** The literal `true` that commands answer. */
export const Done = Type.Literal(true);
