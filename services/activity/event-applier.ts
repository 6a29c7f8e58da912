import { setTimeout as delay } from "node:timers/promises";
import { isDomainError } from "../../contracts/errors.ts";
import type { RecordedEvent } from "../../lib/documents/activity-record.ts";
import {
  type ActivityRepository,
  MAX_BATCH,
  type RewriteReport,
} from "../../lib/documents/activity-repository.ts";
import type { DeadLetterRepository, NewDeadLetter } from "../../lib/documents/dead-letter.ts";
import type { EventMessage, Unreadable } from "../../lib/event-log/event-reading.ts";
import { failureLetter, unreadableLetter } from "../../lib/event-log/listener-letters.ts";
import type { SeenEvents } from "../../lib/event-log/seen-events.ts";
import { metrics } from "../../lib/metrics/metrics.ts";
import { readMessage } from "./event-reading.ts";

/** The consumer group, which stands in the dead letters, too. */
export const ACTIVITY_GROUP = "activity";

/** How often a batch is tried before its events are tried one by one, and the first pause (ms), which doubles. */
const ATTEMPTS = 4;
const FIRST_PAUSE = 50;

/** What became of the messages of a batch. */
export interface ApplySummary {
  readonly recorded: number;
  /** Seen before. */
  readonly repeated: number;
  /** Not to be recorded. */
  readonly ignored: number;
  /** Given up; they are in the dead letters. */
  readonly parked: number;
}

interface ApplierOptions {
  readonly activities: ActivityRepository;
  readonly deadLetters: DeadLetterRepository;
  readonly seen: SeenEvents;
  readonly logger: { warn(fields: object, text: string): unknown };
  readonly firstPause?: number;
}

type Read = { readonly message: EventMessage; readonly event: RecordedEvent };

/** Turns messages into records. What fails is this service's business: tried again, then parked. */
export class EventApplier {
  readonly #options: ApplierOptions;

  constructor(options: ApplierOptions) {
    this.#options = options;
  }

  /**
   * Applies a batch; the same messages may come any number of times.
   * @throws when neither the effect nor a dead letter can be kept now: then the batch must come again
   */
  async apply(messages: readonly EventMessage[]): Promise<ApplySummary> {
    const { reads, unreadable, ignored } = readAll(messages);
    const fresh = await this.#unseen(reads);
    metrics()?.eventsRepeated.inc({ group: ACTIVITY_GROUP }, reads.length - fresh.length);
    const failed: NewDeadLetter[] = [];
    for (let start = 0; start < fresh.length; start += MAX_BATCH) {
      failed.push(...(await this.#record(fresh.slice(start, start + MAX_BATCH))));
    }
    const letters = [
      ...unreadable.map(({ message, ...fault }) => unreadableLetter(ACTIVITY_GROUP, message, fault)),
      ...failed,
    ];
    await this.#park(letters);
    await this.#options.seen.remember(fresh.map(({ event }) => event));
    return {
      recorded: fresh.length - failed.length,
      repeated: reads.length - fresh.length,
      ignored,
      parked: letters.length,
    };
  }

  /**
   * Applies the message of a dead letter.
   * @throws whatever is wrong with it, so that the letter stays open
   */
  async applyAgain(message: EventMessage): Promise<void> {
    const reading = readMessage(message);
    if (reading.kind === "unreadable") throw new Error(`${reading.category}: ${reading.reason}`);
    if (reading.kind === "event") await this.#options.activities.apply([reading.event]);
  }

  /** Puts the records of a batch right, past the filter. What can't be read is passed over: it was parked when it came. */
  async rewrite(
    messages: readonly EventMessage[],
    { dryRun }: { readonly dryRun: boolean },
  ): Promise<RewriteReport> {
    const events = readAll(messages).reads.map(({ event }) => event);
    const total = { created: 0, rewritten: 0, unchanged: 0, kept: 0 };
    for (let start = 0; start < events.length; start += MAX_BATCH) {
      const batch = events.slice(start, start + MAX_BATCH);
      const { report } = await this.#options.activities.rewrite(batch, { dryRun });
      for (const what of Object.keys(total) as (keyof RewriteReport)[]) total[what] += report[what];
    }
    return total;
  }

  async #unseen(reads: readonly Read[]): Promise<Read[]> {
    const unseen = await this.#options.seen.unseen(reads.map((read) => ({ ...read.event, read })));
    return unseen.map(({ read }) => read);
  }

  /** One grouped write; where that keeps failing, one write for each event. Answers what has to be parked. */
  async #record(reads: readonly Read[]): Promise<NewDeadLetter[]> {
    const { activities } = this.#options;
    try {
      await this.#retry(() => activities.apply(reads.map(({ event }) => event)));
      return [];
    } catch (error) {
      if (isDomainError(error, "SERVICE_UNAVAILABLE")) throw error;
    }
    const failed: NewDeadLetter[] = [];
    for (const read of reads) {
      try {
        await activities.apply([read.event]);
      } catch (error) {
        if (isDomainError(error, "SERVICE_UNAVAILABLE")) throw error;
        const { eventId } = read.event;
        failed.push(failureLetter(ACTIVITY_GROUP, read.message, { eventId, error, attempts: ATTEMPTS + 1 }));
      }
    }
    return failed;
  }

  async #retry(work: () => Promise<void>): Promise<void> {
    const { firstPause = FIRST_PAUSE, logger } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        // A store that is away has been waited for long enough below; the batch comes again.
        if (attempt >= ATTEMPTS || isDomainError(error, "SERVICE_UNAVAILABLE")) throw error;
        logger.warn({ attempt, err: error }, "events could not be recorded; trying again");
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

function readAll(messages: readonly EventMessage[]) {
  const reads: Read[] = [];
  const unreadable: (Unreadable & { message: EventMessage })[] = [];
  let ignored = 0;
  for (const message of messages) {
    const reading = readMessage(message);
    if (reading.kind === "event") reads.push({ message, event: reading.event });
    else if (reading.kind === "unreadable") unreadable.push({ ...reading, message });
    else ignored++;
  }
  return { reads, unreadable, ignored };
}
