import type { Service, ServiceBroker } from "moleculer";
import MongoDbAdapter from "moleculer-db-adapter-mongo";
import { type Collection, type Db, type Document, MongoClient, ObjectId } from "mongodb";

/**
 * Milliseconds. Without all of them a hung server hangs its callers: one attempt of a call may take 3 s.
 * The heartbeat tells how soon a server that is back is used again.
 */
const OPTIONS = {
  serverSelectionTimeoutMS: 3_000,
  connectTimeoutMS: 3_000,
  socketTimeoutMS: 5_000,
  waitQueueTimeoutMS: 3_000,
  heartbeatFrequencyMS: 2_000,
  maxPoolSize: 10,
  retryWrites: true,
  writeConcern: { w: "majority", journal: true },
} as const;

const clients = new Map<string, { readonly client: MongoClient; users: number }>();

/**
 * The adapter of moleculer-db on the current driver: the driver it brings is out of maintenance, and what the adapter
 * calls in it is gone or answers differently. All services of a process share one client of a server.
 * No private names: Moleculer clones the schema that holds the adapter.
 */
export class MongoAdapter extends MongoDbAdapter {
  declare uri: string;
  declare dbName: string;
  declare service: Service & { schema: { collection: string } };
  declare client: MongoClient;
  declare db: Db;

  constructor(url: string, database: string) {
    super(url, {}, database);
  }

  /** Makes the client, without talking to the server. @throws for a URL the driver can't take */
  override init(broker: ServiceBroker, service: Service): void {
    super.init(broker, service);
    const shared = clients.get(this.uri) ?? { client: new MongoClient(this.uri, OPTIONS), users: 0 };
    clients.set(this.uri, shared);
    shared.users++;
    this.client = shared.client;
    this.db = this.client.db(this.dbName);
    this.collection = this.db.collection(this.service.schema.collection);
  }

  /** The driver connects with the first operation: a server that is away doesn't hold up the start. */
  override async connect(): Promise<void> {}

  override async disconnect(): Promise<void> {
    const shared = clients.get(this.uri);
    if (!shared || shared.client !== this.client || --shared.users > 0) return;
    clients.delete(this.uri);
    await this.client.close();
  }

  // The adapter's type declarations say arrays, moleculer-db takes what is answered here.
  override async insert(entity: object): Promise<never> {
    const document: Document = { ...entity };
    await this.collection.insertOne(document);
    return document as never;
  }

  override async insertMany(entities: object | object[]): Promise<object[]> {
    const documents: Document[] = [entities].flat().map((entity) => ({ ...entity }));
    await this.collection.insertMany(documents);
    return documents;
  }

  override async updateById(id: string | number, update: object): Promise<never> {
    const filter = { _id: this.stringToObjectID(id) };
    return (await this.collection.findOneAndUpdate(filter, update, { returnDocument: "after" })) as never;
  }

  override async removeById(id: string | number): Promise<Document | null> {
    return this.collection.findOneAndDelete({ _id: this.stringToObjectID(id) });
  }

  /** The id as it is stored; read by the methods that are inherited, too. */
  stringToObjectID(id: string | number): ObjectId {
    const isObjectId = typeof id === "string" && /^[0-9a-f]{24}$/i.test(id);
    return isObjectId ? ObjectId.createFromHexString(id) : (id as never);
  }

  /** Another collection of the same database. */
  collectionOf<T extends Document>(name: string): Collection<T> {
    return this.db.collection<T>(name);
  }
}
