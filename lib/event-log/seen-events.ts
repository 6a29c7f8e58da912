import type { KeyValueStore } from "../key-value/key-value-store.ts";

interface KeyedEvent {
  readonly messageKey: string;
  readonly eventId: string;
}

const PREFIX = "member_activity:kafka_key:";

/**
 * Remembers for a while which event came last under each message key, so that most repetitions are dropped before they
 * cost a write. It may forget everything at any time: it saves work, and nothing rests on it.
 */
export class SeenEvents {
  readonly #keyValue: KeyValueStore;
  readonly #ttl: number;

  /** `ttl` in milliseconds. */
  constructor(keyValue: KeyValueStore, ttl: number) {
    this.#keyValue = keyValue;
    this.#ttl = ttl;
  }

  /** The events that aren't known to have been seen; all of them when the memory is away. */
  async unseen<E extends KeyedEvent>(events: readonly E[]): Promise<E[]> {
    try {
      const last = await this.#keyValue.getMany(events.map(({ messageKey }) => PREFIX + messageKey));
      return events.filter(({ eventId }, index) => last[index] !== eventId);
    } catch {
      return [...events];
    }
  }

  /** To be called after the effect of the events, never before. */
  async remember(events: readonly KeyedEvent[]): Promise<void> {
    const last = new Map(events.map(({ messageKey, eventId }) => [PREFIX + messageKey, eventId]));
    await this.#keyValue.setMany(last, this.#ttl).catch(() => undefined);
  }
}
