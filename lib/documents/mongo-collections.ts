import type { Collection, Document, IndexDescription } from "mongodb";
import type { MongoAdapter } from "./mongo-adapter.ts";
import { translateMongoUnavailable } from "./mongo-failures.ts";

/** A collection with the indexes that its queries and its rules need, which the first use makes. */
export class MongoCollection<T extends Document> {
  readonly #adapter: MongoAdapter;
  readonly #name: string;
  readonly #indexes: readonly IndexDescription[];
  #indexed: Promise<unknown> | undefined;

  constructor(adapter: MongoAdapter, name: string, indexes: readonly IndexDescription[]) {
    this.#adapter = adapter;
    this.#name = name;
    this.#indexes = indexes;
  }

  /** Runs `work`, once the indexes are there. @throws SERVICE_UNAVAILABLE when the server is away */
  async use<R>(work: (collection: Collection<T>) => Promise<R>): Promise<R> {
    return translateMongoUnavailable(async () => {
      const collection = this.#adapter.collectionOf<T>(this.#name);
      this.#indexed ??= collection.createIndexes([...this.#indexes]).catch((error: unknown) => {
        this.#indexed = undefined;
        throw error;
      });
      await this.#indexed;
      return work(collection);
    });
  }
}
