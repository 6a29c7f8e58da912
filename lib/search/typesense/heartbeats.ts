import { ignoringMissing, MissingCollectionError, NameTakenError } from "./failures.ts";
import type { TypesenseServer } from "./typesense-server.ts";

/** A rebuild that told nothing for so long (milliseconds) is over: its process was killed. */
const SILENCE = 15 * 60_000;
/** How often it tells, at most. */
const PERIOD = 30_000;
/** Most rebuilds at once that are looked at. */
const MOST = 250;

/** Which rebuilds are under way, in a small collection of their own. */
export class Heartbeats {
  readonly #server: TypesenseServer;
  readonly #collection: string;
  readonly #lastBeats = new Map<number, number>();

  constructor(server: TypesenseServer, collection: string) {
    this.#server = server;
    this.#collection = collection;
  }

  async beat(version: number): Promise<void> {
    const now = Date.now();
    if (now - (this.#lastBeats.get(version) ?? 0) < PERIOD) return;
    await this.#madeIfMissing(() =>
      this.#server.import(this.#collection, [{ id: String(version), number: version, beatAt: now }]),
    );
    this.#lastBeats.set(version, now);
  }

  async end(version: number): Promise<void> {
    this.#lastBeats.delete(version);
    await this.#madeIfMissing(() => this.#server.deleteWhere(this.#collection, `number:${version}`));
  }

  /** The versions that somebody fills. */
  async alive(): Promise<ReadonlySet<number>> {
    const [found] = await this.#madeIfMissing(() =>
      this.#server.search(this.#collection, [
        {
          q: "*",
          filter_by: `beatAt:>${Date.now() - SILENCE}`,
          sort_by: "number:desc",
          include_fields: "number",
          limit: MOST,
        },
      ]),
    );
    return new Set(found?.documents.map(({ number }) => Number(number)));
  }

  /** Takes the collection itself away. */
  async remove(): Promise<void> {
    await ignoringMissing(this.#server.drop(this.#collection));
  }

  async #madeIfMissing<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof MissingCollectionError)) throw error;
    }
    try {
      await this.#server.create({
        name: this.#collection,
        fields: [
          { name: "number", type: "int64" },
          { name: "beatAt", type: "int64" },
        ],
        default_sorting_field: "number",
      });
    } catch (error) {
      if (!(error instanceof NameTakenError)) throw error;
    }
    return ask();
  }
}
