import type { ServiceSchema } from "moleculer";
import DbService from "moleculer-db";
import type { DocumentsConfig } from "../../config/index.ts";
import { MongoActivityRepository } from "./mongo-activity.repository.ts";
import { MongoAdapter } from "./mongo-adapter.ts";
import { MongoDeadLetterRepository } from "./mongo-dead-letter.repository.ts";

/** moleculer-db's own actions would let every caller of the mesh at the raw documents. */
const NO_ACTIONS = {
  find: false,
  count: false,
  list: false,
  create: false,
  insert: false,
  get: false,
  update: false,
  remove: false,
};

/** The part of a service's schema that connects it to MongoDB: `this.adapter`, by moleculer-db. */
export function mongoSchema({
  url,
  database,
}: DocumentsConfig & { readonly kind: "mongo" }): Partial<ServiceSchema> {
  return {
    mixins: [DbService],
    adapter: new MongoAdapter(url, database),
    collection: "member_activities",
    actions: NO_ACTIONS,
  } as unknown as Partial<ServiceSchema>;
}

export function mongoRepositories(adapter: MongoAdapter) {
  return {
    activities: new MongoActivityRepository(adapter),
    deadLetters: new MongoDeadLetterRepository(adapter),
  };
}
