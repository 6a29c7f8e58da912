import { dateIn, TOPIC_FAMILIES, topicOf } from "../../config/topics.ts";
import type {
  ClaimedDeadLetter,
  DeadLetterRepository,
  DeadLetterSide,
} from "../../lib/documents/dead-letter.ts";
import type { EventPublisher } from "../../lib/event-log/event-log.ts";

export interface ReplayReport {
  readonly replayed: number;
  readonly failed: number;
}

interface ReplayOptions {
  readonly deadLetters: DeadLetterRepository;
  /** Where letters of the publisher's side go. */
  readonly publisher: () => EventPublisher;
  /** Hands a letter of the listener's side to the consumer that gave it up. */
  readonly applyAgain: (consumer: string, letter: ClaimedDeadLetter) => Promise<unknown>;
  readonly namespace: string;
  readonly timeZone: string;
}

/** Letters worked on at once, and how long they are ours (milliseconds). */
const BATCH = 50;
const HOLD = 60_000;
/** A letter that failed again rests this long (milliseconds), doubled with each attempt up to an hour. */
const FIRST_PAUSE = 60_000;
const LONGEST_PAUSE = 3_600_000;
/** Batches of one run. */
const MOST_BATCHES = 20;

/** Tries dead letters again, oldest first; several nodes may do so at once, each letter is one's own while it is tried. */
export class DeadLetterReplay {
  readonly #options: ReplayOptions;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  /** With ids: these, at once; else those whose pause is over. */
  async replay(side: DeadLetterSide, ids?: readonly string[]): Promise<ReplayReport> {
    const report = { replayed: 0, failed: 0 };
    for (let round = 0; round < MOST_BATCHES; round++) {
      const claim = { side, ids, limit: BATCH, at: Date.now(), holdMs: HOLD };
      const letters = await this.#options.deadLetters.claim(claim);
      for (const letter of letters) report[await this.#try(letter)]++;
      if (letters.length < BATCH || ids) break;
    }
    return report;
  }

  async #try(letter: ClaimedDeadLetter): Promise<keyof ReplayReport> {
    const { deadLetters, applyAgain } = this.#options;
    try {
      if (letter.side === "PUBLISHER") await this.#send(letter);
      else await applyAgain(letter.consumer ?? "", letter);
    } catch (error) {
      const at = Date.now();
      const pause = Math.min(FIRST_PAUSE * 2 ** Math.min(letter.attempts, 10), LONGEST_PAUSE);
      const reason = error instanceof Error ? error.message : String(error);
      await deadLetters.fail(letter, { reason, error: reason }, { at, retryAt: at + pause });
      return "failed";
    }
    await deadLetters.complete([letter], Date.now());
    return "replayed";
  }

  /** To today's topic, as everything is that is sent today. Consumers know an event by its id if it came through before. */
  async #send({ messageKey, partition, payload }: ClaimedDeadLetter): Promise<void> {
    const { publisher, namespace, timeZone } = this.#options;
    const family = TOPIC_FAMILIES[0]?.name ?? "";
    const { memberActivityType } = JSON.parse(payload) as { memberActivityType?: string };
    const message = {
      topic: topicOf(family, dateIn(timeZone, Date.now()), namespace),
      partition: partition ?? 0,
      key: messageKey ?? "",
      value: payload,
      headers: { "event-type": memberActivityType ?? "", "schema-version": "1" },
    };
    await publisher().send([message], async () => undefined);
  }
}
