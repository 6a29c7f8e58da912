import { HttpFailure } from "./http-failure.ts";
import { tokensOf } from "./tokens.ts";

export interface FieldSchema {
  readonly name: string;
  readonly type: "string" | "int64" | "int64[]";
  readonly optional?: boolean;
  readonly store?: boolean;
  readonly sort?: boolean;
}

export interface CollectionSchema {
  readonly name: string;
  readonly fields: readonly FieldSchema[];
  readonly default_sorting_field?: string;
}

export type StoredDocument = { readonly id: string } & Readonly<Record<string, unknown>>;

/** Where a token stands, by the number of its document. */
type Postings = Map<number, number[]>;

/** One collection: its documents, and an inverted index of each text field. */
export class StoredCollection {
  readonly schema: CollectionSchema;
  readonly createdAt = Math.floor(Date.now() / 1000);
  /** By their numbers, which grow with every write. */
  readonly documents = new Map<number, StoredDocument>();
  readonly #numbers = new Map<string, number>();
  readonly #index = new Map<string, Map<string, Postings>>();
  #nextNumber = 0;

  constructor(schema: CollectionSchema) {
    this.schema = schema;
    for (const field of schema.fields) {
      if (field.store === false)
        throw new HttpFailure(500, `${field.name} breaks after a restart: keep it stored`);
      if (field.type === "string") this.#index.set(field.name, new Map());
      else if (!["int64", "int64[]"].includes(field.type))
        throw new HttpFailure(400, `no type ${field.type} here`);
    }
  }

  get description(): object {
    return { ...this.schema, num_documents: this.documents.size, created_at: this.createdAt };
  }

  fieldOrThrow(name: string): FieldSchema {
    const field = this.schema.fields.find((known) => known.name === name);
    if (!field) throw new HttpFailure(404, `Could not find a field named \`${name}\` in the schema.`);
    return field;
  }

  vocabulary(field: string): IterableIterator<string> {
    return this.#vocabulary(field).keys();
  }

  postings(field: string, token: string): ReadonlyMap<number, readonly number[]> {
    return this.#vocabulary(field).get(token) ?? new Map();
  }

  /** Replaces what has the same id; the number stays. */
  upsertOrThrow(document: unknown): void {
    const stored = this.#checkedOrThrow(document);
    const number = this.#numbers.get(stored.id) ?? this.#nextNumber++;
    const former = this.documents.get(number);
    if (former) this.#unindex(number, former);
    this.#numbers.set(stored.id, number);
    this.documents.set(number, stored);
    for (const [field, vocabulary] of this.#index) {
      tokensOf(String(stored[field] ?? "")).forEach((token, position) => {
        const postings = vocabulary.get(token) ?? new Map<number, number[]>();
        const places = postings.get(number) ?? [];
        places.push(position);
        vocabulary.set(token, postings.set(number, places));
      });
    }
  }

  remove(number: number): void {
    const document = this.documents.get(number);
    if (!document) return;
    this.#unindex(number, document);
    this.documents.delete(number);
    this.#numbers.delete(document.id);
  }

  #unindex(number: number, document: StoredDocument): void {
    for (const [field, vocabulary] of this.#index) {
      for (const token of new Set(tokensOf(String(document[field] ?? "")))) {
        const postings = vocabulary.get(token);
        postings?.delete(number);
        if (postings?.size === 0) vocabulary.delete(token);
      }
    }
  }

  #vocabulary(field: string): Map<string, Postings> {
    const vocabulary = this.#index.get(field);
    if (!vocabulary)
      throw new HttpFailure(404, `Could not find a text field named \`${field}\` in the schema.`);
    return vocabulary;
  }

  #checkedOrThrow(document: unknown): StoredDocument {
    const given = Object(document) as StoredDocument;
    if (typeof given.id !== "string") throw new HttpFailure(400, "Document's `id` field should be a string.");
    for (const { name, type, optional } of this.schema.fields) {
      const value = given[name];
      if (value === undefined && optional) continue;
      if (value === undefined) {
        throw new HttpFailure(
          400,
          `Field \`${name}\` has been declared in the schema, but is not found in the document.`,
        );
      }
      if (!isOfType(value, type)) throw new HttpFailure(400, `Field \`${name}\` must be a ${type}.`);
    }
    return given;
  }
}

function isOfType(value: unknown, type: FieldSchema["type"]): boolean {
  if (type === "int64[]") return Array.isArray(value) && value.every(Number.isSafeInteger);
  return type === "string" ? typeof value === "string" : Number.isSafeInteger(value);
}
