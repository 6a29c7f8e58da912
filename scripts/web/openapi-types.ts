type Json = { readonly [key: string]: unknown };

interface Operation {
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: Json }[];
  readonly requestBody?: { content: Readonly<Record<string, { schema: Json }>> };
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, { schema: Json }>> }>>;
}

/**
 * TypeScript of an OpenAPI document as our gateway makes it: an interface for each schema, and `Operations`, which
 * knows of each `METHOD /path` its parameters, its body and the `data` of its answer.
 */
export function openApiTypes(document: Json): string {
  const { paths, components } = document as {
    paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    components: { schemas: Readonly<Record<string, Json>> };
  };
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typeOf(schema)};\n`,
  );
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) =>
        `  "${method.toUpperCase()} ${path.replace(/^\/api/, "")}": ${operationType(operation)};\n`,
    ),
  );
  return `// Made from the OpenAPI file by scripts/web/build.ts.\n${schemas.join("")}\nexport interface Operations {\n${operations.join("")}}\n`;
}

function operationType({ parameters = [], requestBody, responses }: Operation): string {
  const parts = (["path", "query"] as const).map((place) => {
    const own = parameters.filter((parameter) => parameter.in === place);
    const fields = own.map(
      ({ name, required, schema }) => `${key(name)}${required ? "" : "?"}: ${typeOf(schema)}`,
    );
    return `${place}: {${fields.join("; ")}}`;
  });
  const body = Object.entries(requestBody?.content ?? {})[0];
  const bodyType =
    body === undefined ? "undefined" : body[0] === "application/json" ? typeOf(body[1].schema) : "FormData";
  const answer = responses["200"]?.content?.["application/json"]?.schema.properties as Json | undefined;
  return `{${parts.join("; ")}; body: ${bodyType}; data: ${answer ? typeOf(answer.data as Json) : "never"}}`;
}

/** What of JSON Schema our actions use. */
function typeOf(schema: Json): string {
  const { type, $ref, items, properties, const: literal } = schema;
  if (typeof $ref === "string") return $ref.split("/").at(-1) ?? "unknown";
  if (literal !== undefined) return JSON.stringify(literal);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const union = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(union)) return union.map(typeOf).join(" | ");
  if (Array.isArray(schema.allOf)) return schema.allOf.map(typeOf).join(" & ");
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one })).join(" | ");
  if (type === "array") return `(${typeOf((items ?? {}) as Json)})[]`;
  if (type === "integer" || type === "number") return "number";
  if (type === "string" || type === "boolean" || type === "null") return type;
  if (properties)
    return objectType(properties as Readonly<Record<string, Json>>, (schema.required ?? []) as string[]);
  return type === "object" ? "Record<string, unknown>" : "unknown";
}

function objectType(properties: Readonly<Record<string, Json>>, required: readonly string[]): string {
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${key(name)}${required.includes(name) ? "" : "?"}: ${typeOf(schema)}`,
  );
  return `{${fields.join("; ")}}`;
}

function key(name: string): string {
  return /^\w+$/.test(name) ? name : JSON.stringify(name);
}
