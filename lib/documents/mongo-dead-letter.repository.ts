import { randomUUID } from "node:crypto";
import type { Filter } from "mongodb";
import {
  type ClaimedDeadLetter,
  type DeadLetter,
  type DeadLetterClaim,
  type DeadLetterFilter,
  type DeadLetterPosition,
  type DeadLetterRepository,
  type DeadLetterSide,
  deadLetterOf,
  type NewDeadLetter,
  type OpenDeadLetters,
} from "./dead-letter.ts";
import type { MongoAdapter } from "./mongo-adapter.ts";
import { MongoCollection } from "./mongo-collections.ts";
import { duplicatesOf } from "./mongo-failures.ts";

interface DeadLetterDocument
  extends Omit<DeadLetter, "id" | "side" | "createdAt" | "updatedAt" | "discardedAt"> {
  readonly _id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly discardedAt: Date | null;
  /** Until then it is claimed, or waits after a failure. */
  readonly availableAt: Date;
  readonly claim: string | null;
}

const SIDES: readonly DeadLetterSide[] = ["PUBLISHER", "LISTENER"];
const OLDEST_FIRST = { createdAt: 1, _id: 1 } as const;

/** The dead letters in MongoDB's `kafka_publisher_dead_letters` and `kafka_listener_dead_letters`. */
export class MongoDeadLetterRepository implements DeadLetterRepository {
  readonly #sides: Readonly<Record<DeadLetterSide, MongoCollection<DeadLetterDocument>>>;

  constructor(adapter: MongoAdapter) {
    const collection = (name: string) =>
      new MongoCollection<DeadLetterDocument>(adapter, name, [
        { name: "ix_open", key: { isCompleted: 1, createdAt: 1, _id: 1 } },
        { name: "ix_claim", key: { claim: 1 } },
      ]);
    this.#sides = {
      PUBLISHER: collection("kafka_publisher_dead_letters"),
      LISTENER: collection("kafka_listener_dead_letters"),
    };
  }

  async add(letters: readonly NewDeadLetter[]): Promise<void> {
    for (const side of SIDES) {
      const documents = letters
        .filter((letter) => letter.side === side)
        .map((letter) => toDocument(deadLetterOf(letter)));
      if (documents.length > 0) await this.#add(side, documents);
    }
  }

  async #add(side: DeadLetterSide, documents: readonly DeadLetterDocument[]): Promise<void> {
    await this.#sides[side].use(async (collection) => {
      const known = await duplicatesOf(() => collection.insertMany([...documents], { ordered: false }));
      if (known.length === 0) return;
      const updates = known
        .flatMap((index) => documents[index] ?? [])
        .map(({ _id, category, reason, error, attempts, updatedAt }) => ({
          updateOne: {
            filter: { _id, discardedAt: null },
            update: {
              $set: { category, reason, error, updatedAt, isCompleted: false },
              $inc: { attempts },
            },
          },
        }));
      await collection.bulkWrite(updates, { ordered: false });
    });
  }

  async find(id: string): Promise<DeadLetter | undefined> {
    for (const side of SIDES) {
      const document = await this.#sides[side].use((collection) => collection.findOne({ _id: id }));
      if (document) return toDeadLetter(side, document);
    }
    return undefined;
  }

  async list(
    { side, consumer, isCompleted, category }: DeadLetterFilter,
    limit: number,
    after?: DeadLetterPosition,
  ): Promise<DeadLetter[]> {
    const filter: Filter<DeadLetterDocument> = {
      ...(consumer ? { consumer } : {}),
      ...(isCompleted === undefined ? {} : { isCompleted }),
      ...(category ? { category } : {}),
      ...(after ? afterPosition(after) : {}),
    };
    const lists = await Promise.all(
      (side ? [side] : SIDES).map(async (one) => {
        const documents = await this.#sides[one].use((collection) =>
          collection.find(filter).sort(OLDEST_FIRST).limit(limit).toArray(),
        );
        return documents.map((document) => toDeadLetter(one, document));
      }),
    );
    const isOlder = (a: DeadLetter, b: DeadLetter) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
    return lists.flat().sort(isOlder).slice(0, limit);
  }

  async countOpen(): Promise<OpenDeadLetters[]> {
    const counts = await Promise.all(
      SIDES.map(async (side) => {
        const groups = await this.#sides[side].use((collection) =>
          collection
            .aggregate<{ _id: string; count: number }>([
              { $match: { isCompleted: false } },
              { $group: { _id: "$category", count: { $sum: 1 } } },
              { $sort: { _id: 1 } },
            ])
            .toArray(),
        );
        return groups.map(({ _id, count }) => ({ side, category: _id, count }));
      }),
    );
    return counts.flat().sort((a, b) => (a.side < b.side ? -1 : a.side > b.side ? 1 : 0));
  }

  async claim({ side, consumer, ids, limit, at, holdMs }: DeadLetterClaim): Promise<ClaimedDeadLetter[]> {
    const claim = randomUUID();
    const now = new Date(at);
    const free: Filter<DeadLetterDocument> = {
      isCompleted: false,
      ...(consumer ? { consumer } : {}),
      ...(ids
        ? { _id: { $in: [...ids] }, $or: [{ claim: null }, { availableAt: { $lte: now } }] }
        : { availableAt: { $lte: now } }),
    };
    return this.#sides[side].use(async (collection) => {
      const found = await collection
        .find(free)
        .sort(OLDEST_FIRST)
        .limit(limit)
        .project<{ _id: string }>({ _id: 1 })
        .toArray();
      if (found.length === 0) return [];
      const mine = { $and: [free, { _id: { $in: found.map(({ _id }) => _id) } }] };
      await collection.updateMany(mine, { $set: { claim, availableAt: new Date(at + holdMs) } });
      const claimed = await collection.find({ claim }).sort(OLDEST_FIRST).toArray();
      return claimed.map((document) => ({ ...toDeadLetter(side, document), claim }));
    });
  }

  async complete(letters: readonly ClaimedDeadLetter[], at: number): Promise<void> {
    for (const side of SIDES) {
      const own = letters.filter((letter) => letter.side === side);
      if (own.length === 0) continue;
      const filter = {
        _id: { $in: own.map(({ id }) => id) },
        claim: { $in: [...new Set(own.map(({ claim }) => claim))] },
      };
      await this.#sides[side].use((collection) =>
        collection.updateMany(filter, { $set: { isCompleted: true, claim: null, updatedAt: new Date(at) } }),
      );
    }
  }

  async fail(
    { side, id, claim }: ClaimedDeadLetter,
    { reason, error }: { readonly reason: string; readonly error: string | null },
    { at, retryAt }: { readonly at: number; readonly retryAt: number },
  ): Promise<void> {
    await this.#sides[side].use((collection) =>
      collection.updateOne(
        { _id: id, claim },
        {
          $set: {
            reason: reason.slice(0, 1_000),
            error,
            claim: null,
            availableAt: new Date(retryAt),
            updatedAt: new Date(at),
          },
          $inc: { attempts: 1 },
        },
      ),
    );
  }

  async discard(ids: readonly string[], at: number): Promise<number> {
    const time = new Date(at);
    const counts = await Promise.all(
      SIDES.map((side) =>
        this.#sides[side].use((collection) =>
          collection.updateMany(
            { _id: { $in: [...ids] }, isCompleted: false },
            { $set: { isCompleted: true, discardedAt: time, claim: null, updatedAt: time } },
          ),
        ),
      ),
    );
    return counts.reduce((sum, { matchedCount }) => sum + matchedCount, 0);
  }
}

function toDocument({ id, side: _side, createdAt, updatedAt, ...letter }: DeadLetter): DeadLetterDocument {
  return {
    _id: id,
    ...letter,
    discardedAt: null,
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
    availableAt: new Date(createdAt),
    claim: null,
  };
}

function toDeadLetter(side: DeadLetterSide, document: DeadLetterDocument): DeadLetter {
  const { _id, availableAt: _availableAt, claim: _claim, ...letter } = document;
  return {
    ...letter,
    id: _id,
    side,
    createdAt: letter.createdAt.getTime(),
    updatedAt: letter.updatedAt.getTime(),
    discardedAt: letter.discardedAt?.getTime() ?? null,
  };
}

function afterPosition([at, id]: DeadLetterPosition): Filter<DeadLetterDocument> {
  const createdAt = new Date(at);
  return { $or: [{ createdAt: { $gt: createdAt } }, { createdAt, _id: { $gt: id } }] };
}
