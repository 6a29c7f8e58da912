import { setTimeout as delay } from "node:timers/promises";
import type { EventType, MemberActivityEvent } from "../../contracts/events.ts";
import type { DeadLetterRepository, NewDeadLetter } from "../../lib/documents/dead-letter.ts";
import { type EventMessage, readEvent } from "../../lib/event-log/event-reading.ts";
import { failureLetter, unreadableLetter } from "../../lib/event-log/listener-letters.ts";
import type { SearchKind } from "../../lib/search/search-index.ts";
import { isAway } from "./availability.ts";
import type { SearchIndexer } from "./indexer.ts";

/** The consumer group, which stands in the dead letters, too. */
export const SEARCH_GROUP = "search";

/** What changes what can be found. */
export const SEARCHED_TYPES: readonly EventType[] = [
  ...(["POST_CREATE", "POST_UPDATE", "POST_DELETE"] as const),
  ...(["COMMENT_CREATE", "COMMENT_UPDATE", "COMMENT_DELETE"] as const),
  ...(["MEMBER_SIGNUP", "MEMBER_UPDATE", "MEMBER_WITHDRAW"] as const),
];

/** How often a batch is tried before its events are tried one by one, and the first pause (ms), which doubles. */
const ATTEMPTS = 4;
const FIRST_PAUSE = 50;

interface Target {
  readonly kind: SearchKind;
  readonly id: number;
}

interface Read {
  readonly message: EventMessage;
  readonly eventId: string;
  readonly target: Target;
}

interface EventIndexerOptions {
  readonly indexer: Pick<SearchIndexer, "refresh">;
  readonly deadLetters: Pick<DeadLetterRepository, "add">;
  readonly logger: { warn(fields: object, text: string): unknown };
  readonly firstPause?: number;
}

/** What became of the messages of a batch. */
export interface IndexSummary {
  readonly indexed: number;
  readonly parked: number;
}

/**
 * Turns events into refreshed documents: an event only tells whose state to read, so that repetitions and other orders
 * of events end in the same index.
 */
export class EventIndexer {
  readonly #options: EventIndexerOptions;

  constructor(options: EventIndexerOptions) {
    this.#options = options;
  }

  /**
   * Applies a batch; the same messages may come any number of times.
   * @throws while the index, an owner or the dead letters are away: then the batch must come again
   */
  async apply(messages: readonly EventMessage[]): Promise<IndexSummary> {
    const { reads, letters } = readAll(messages);
    letters.push(...(await this.#index(reads)));
    await this.#park(letters);
    return { indexed: reads.length, parked: letters.length };
  }

  /**
   * Applies what comes without a log that could wait: what can't be indexed now goes to the dead letters.
   * @throws when these are away, too
   */
  async applyOrPark(messages: readonly EventMessage[]): Promise<IndexSummary> {
    try {
      return await this.apply(messages);
    } catch (error) {
      const { reads, letters } = readAll(messages);
      letters.push(...reads.map((read) => letterOf(read, error, 1)));
      await this.#park(letters);
      return { indexed: 0, parked: letters.length };
    }
  }

  /**
   * Applies the message of a dead letter.
   * @throws whatever is wrong with it, so that the letter stays open
   */
  async applyAgain(message: EventMessage): Promise<void> {
    const reading = readEvent(message);
    if (reading.kind === "unreadable") throw new Error(`${reading.category}: ${reading.reason}`);
    const target = targetOf(reading.event);
    if (target) await this.#refresh([target]);
  }

  /** All at once; where that keeps failing, one by one. Answers what has to be parked. */
  async #index(reads: readonly Read[]): Promise<NewDeadLetter[]> {
    try {
      await this.#retry(() => this.#refresh(reads.map(({ target }) => target)));
      return [];
    } catch (error) {
      if (isAway(error)) throw error;
    }
    const failed: NewDeadLetter[] = [];
    for (const read of reads) {
      try {
        await this.#refresh([read.target]);
      } catch (error) {
        if (isAway(error)) throw error;
        failed.push(letterOf(read, error, ATTEMPTS + 1));
      }
    }
    return failed;
  }

  async #refresh(targets: readonly Target[]): Promise<void> {
    for (const kind of ["posts", "comments", "members"] as const) {
      const ids = targets.filter((target) => target.kind === kind).map(({ id }) => id);
      await this.#options.indexer.refresh(kind, ids);
    }
  }

  async #retry(work: () => Promise<void>): Promise<void> {
    const { firstPause = FIRST_PAUSE, logger } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        // For what is away, the log waits; the batch comes again.
        if (attempt >= ATTEMPTS || isAway(error)) throw error;
        logger.warn({ attempt, err: error }, "events could not be indexed; trying again");
        await delay(firstPause * 2 ** (attempt - 1));
      }
    }
  }

  async #park(letters: readonly NewDeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    await this.#options.deadLetters.add(letters);
    for (const { category, reason, messageKey } of letters) {
      this.#options.logger.warn({ category, reason, messageKey }, "an event was put among the dead letters");
    }
  }
}

function readAll(messages: readonly EventMessage[]): { reads: Read[]; letters: NewDeadLetter[] } {
  const reads: Read[] = [];
  const letters: NewDeadLetter[] = [];
  for (const message of messages) {
    const reading = readEvent(message);
    if (reading.kind === "unreadable") {
      letters.push(unreadableLetter(SEARCH_GROUP, message, reading));
      continue;
    }
    const target = targetOf(reading.event);
    if (target) reads.push({ message, eventId: reading.event.eventId, target });
  }
  return { reads, letters };
}

function letterOf({ message, eventId }: Read, error: unknown, attempts: number): NewDeadLetter {
  return failureLetter(SEARCH_GROUP, message, { eventId, error, attempts });
}

/** Whose state an event is about; undefined where it changes nothing that can be found. */
function targetOf({ memberActivityType: type, ...ids }: MemberActivityEvent): Target | undefined {
  if (!SEARCHED_TYPES.includes(type)) return undefined;
  if (type.startsWith("MEMBER_")) return { kind: "members", id: ids.memberId };
  if (type.startsWith("COMMENT_"))
    return ids.commentId === null ? undefined : { kind: "comments", id: ids.commentId };
  return ids.postId === null ? undefined : { kind: "posts", id: ids.postId };
}
