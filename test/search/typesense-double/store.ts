import { HttpFailure } from "./http-failure.ts";
import { type CollectionSchema, StoredCollection } from "./stored-collection.ts";

/** What a server holds. */
export class Store {
  /** Newest last. */
  readonly collections = new Map<string, StoredCollection>();
  readonly aliases = new Map<string, string>();
  /** Over the disk limit: reads go on, writes are refused. */
  isOutOfDisk = false;
  /** Why a document of an import is refused; undefined where it isn't. */
  refusalOf: (document: { readonly id: string }) => string | undefined = () => undefined;

  createOrThrow(schema: CollectionSchema): StoredCollection {
    const { name } = schema;
    if (this.collections.has(name) || this.aliases.has(name)) {
      throw new HttpFailure(409, `A collection with name \`${name}\` already exists.`);
    }
    const collection = new StoredCollection(schema);
    this.collections.set(name, collection);
    return collection;
  }

  /** By its name or an alias. */
  collectionOrThrow(name: string): StoredCollection {
    const collection = this.collections.get(this.aliases.get(name) ?? name);
    if (!collection) throw new HttpFailure(404, "Not Found");
    return collection;
  }

  assertWritable(): void {
    if (this.isOutOfDisk)
      throw new HttpFailure(422, "Rejecting write: running out of resource type: OUT_OF_DISK");
  }
}
