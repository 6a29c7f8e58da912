import { ServiceBroker } from "moleculer";
import { configOrThrow } from "../../config/index.ts";
import type { MongoAdapter } from "../../lib/documents/mongo-adapter.ts";
import type { Database } from "../../lib/sql/database.ts";
import { sql } from "../../lib/sql/sql.ts";
import { type DocumentsMembers, DocumentsMixin } from "../../mixins/documents.mixin.ts";
import { emptyStore } from "../support/service.ts";

export interface DocumentStore extends DocumentsMembers {
  readonly kind: "mongo" | "sql";
  /** Makes an activity wrong by hand: its type, post, event and times. */
  damage(id: string): Promise<void>;
  stop(): Promise<void>;
}

/** The kinds of document stores that can be tested here. */
export const STORE_KINDS: readonly DocumentStore["kind"][] = process.env.TEST_MONGO_URL
  ? ["sql", "mongo"]
  : ["sql"];
if (!process.env.TEST_MONGO_URL) {
  console.warn(
    "NOT TESTED: the documents on MongoDB. Set TEST_MONGO_URL, for example to mongodb://127.0.0.1:27017",
  );
}

/** An empty store of that kind, as a service gets it. */
export async function startDocuments(kind: DocumentStore["kind"]): Promise<DocumentStore> {
  const store = await emptyStore();
  const { MONGO_URL, ...env } = store.env;
  const config = configOrThrow(kind === "mongo" ? { ...env, MONGO_URL } : env);
  const broker = new ServiceBroker({ logger: false });
  const service = broker.createService({
    name: "documents",
    mixins: [DocumentsMixin({ ...config, health: "required" })],
  } as never) as unknown as DocumentsMembers & {
    readonly adapter?: MongoAdapter;
    readonly database?: Database;
  };
  await broker.start();
  return {
    kind,
    activities: service.activities,
    deadLetters: service.deadLetters,
    healthChecks: service.healthChecks,
    damage: async (id) => {
      const wrong = { memberActivityType: "POST_UPDATE", postId: 404, eventId: "none" };
      const time = new Date(0);
      await service.adapter
        ?.collectionOf<{ _id: string }>("member_activities")
        .updateOne({ _id: id }, { $set: { ...wrong, createdAt: time, updatedAt: time } });
      await service.database?.execute(
        sql`UPDATE member_activities SET member_activity_type = ${wrong.memberActivityType}, post_id = ${wrong.postId},
              event_id = ${wrong.eventId}, created_at = 0, updated_at = 0
            WHERE id = ${id}`,
      );
    },
    stop: async () => {
      await broker.stop();
      await store.remove();
    },
  };
}
