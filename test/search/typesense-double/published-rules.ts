import { dereference } from "@readme/openapi-parser";
import { Ajv } from "ajv";
import type { RequestRules } from "./request-rules.ts";
import type { Request } from "./requests.ts";

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** What Typesense's published description says of requests and answers. */
export class PublishedRules {
  readonly #description: Description;
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });

  constructor(description: Description) {
    this.#description = description;
  }

  static async read(file: string): Promise<PublishedRules> {
    return new PublishedRules((await dereference(file)) as unknown as Description);
  }

  readonly requests: RequestRules = (request) => {
    const operation = this.#operationOf(request);
    if (!operation) return `${request.method} /${request.path.join("/")} is not described`;
    return this.#queryFault(operation, request.query) ?? this.#bodyFault(operation, request);
  };

  /** Tells how an answer of the double differs from what is described. */
  answerFault(request: Request, status: number, body: string): string | undefined {
    const schema = this.#operationOf(request)?.responses[status]?.content?.["application/json"]?.schema;
    if (!schema || this.#ajv.validate(schema, JSON.parse(body))) return undefined;
    // It says of the fields of a document that they were objects.
    const errors = this.#ajv.errors?.filter(({ instancePath }) => !/\/document\//.test(instancePath));
    return errors?.length ? `answer ${status}: ${this.#ajv.errorsText(errors)}` : undefined;
  }

  #operationOf({ method, path }: Request): Operation | undefined {
    const entries = Object.entries(this.#description.paths);
    const found = entries.find(([template]) => {
      const parts = template.split("/").slice(1);
      return (
        parts.length === path.length && parts.every((part, at) => part.startsWith("{") || part === path[at])
      );
    });
    return found?.[1][method.toLowerCase()];
  }

  #queryFault(operation: Operation, query: Request["query"]): string | undefined {
    const described = (operation.parameters ?? [])
      .filter((parameter) => parameter.in === "query")
      .flatMap(({ name, schema }) => Object.entries(schema.properties ?? { [name]: schema }));
    const schemas = new Map(described);
    for (const [name, text] of Object.entries(query)) {
      const schema = schemas.get(name);
      if (!schema) return `the query parameter ${name} is not described`;
      const value = schema.type === "integer" || schema.type === "boolean" ? JSON.parse(text) : text;
      if (!this.#ajv.validate(schema, value)) return `${name}: ${this.#ajv.errorsText()}`;
    }
    return undefined;
  }

  #bodyFault(operation: Operation, { body, contentType }: Request): string | undefined {
    const content = operation.requestBody?.content;
    if (!content) return body === "" ? undefined : "a body is not described";
    // The client sends lines of JSON as text/plain, where the description has bytes.
    if (!contentType.startsWith("application/json")) {
      return content["application/octet-stream"] ? undefined : `${contentType} is not described`;
    }
    const schema = content["application/json"]?.schema;
    if (!schema) return "JSON is not described";
    const value: unknown = JSON.parse(body);
    if (!this.#ajv.validate(schema, value)) return this.#ajv.errorsText();
    return unknownName(schema, value);
  }
}

/** A name in the value that its schema doesn't have: the description leaves its objects open. */
function unknownName(schema: Schema, value: unknown): string | undefined {
  if (Array.isArray(value)) {
    return value
      .map((item) => schema.items && unknownName(schema.items, item))
      .find((name) => name !== undefined);
  }
  if (typeof value !== "object" || value === null) return undefined;
  const properties = propertiesOf(schema);
  for (const [name, inner] of Object.entries(value)) {
    const known = properties[name];
    if (!known) return `${name} is not described`;
    const unknown = unknownName(known, inner);
    if (unknown) return unknown;
  }
  return undefined;
}

function propertiesOf(schema: Schema): Record<string, Schema> {
  return Object.assign({}, schema.properties, ...(schema.allOf ?? []).map(propertiesOf));
}
