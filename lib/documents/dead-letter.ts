import { documentIdOf } from "./document-id.ts";

/** Who gave up: the one that sends events, or one that follows them. */
export type DeadLetterSide = "PUBLISHER" | "LISTENER";

/** An event or message that was given up, with everything that trying again needs. Times are epoch milliseconds. */
export interface DeadLetter {
  /** A UUID made from what it is about: given up again, it is the same letter. */
  readonly id: string;
  readonly side: DeadLetterSide;
  /** The consumer group that gave up; null on the publisher's side. */
  readonly consumer: string | null;
  readonly messageKey: string | null;
  readonly eventId: string | null;
  readonly topic: string | null;
  readonly partition: number | null;
  /** The message's value as it was; `base64` where its bytes are no text. */
  readonly payload: string;
  readonly payloadEncoding: "utf8" | "base64";
  readonly category: string;
  readonly reason: string;
  /** What was thrown. */
  readonly error: string | null;
  readonly attempts: number;
  /** Nothing is left to do: it succeeded later, or somebody discarded it. */
  readonly isCompleted: boolean;
  readonly discardedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A letter to keep. `source` tells letters without an event id apart: topic, partition and offset. */
export interface NewDeadLetter
  extends Omit<
    DeadLetter,
    | "id"
    | "payload"
    | "payloadEncoding"
    | "isCompleted"
    | "discardedAt"
    | "createdAt"
    | "updatedAt"
    | "partition"
  > {
  readonly payload: Buffer | string;
  readonly partition?: number | null;
  readonly source?: string;
  readonly at: number;
}

/** A letter that nobody else works on until the claim ends. */
export interface ClaimedDeadLetter extends DeadLetter {
  readonly claim: string;
}

export interface DeadLetterFilter {
  readonly side?: DeadLetterSide;
  readonly consumer?: string;
  readonly isCompleted?: boolean;
  readonly category?: string;
}

/** Which letters to work on. By id they are taken at once; otherwise when their pause is over. */
export interface DeadLetterClaim {
  readonly side: DeadLetterSide;
  readonly consumer?: string;
  readonly ids?: readonly string[];
  readonly limit: number;
  /** Epoch milliseconds now and how long (milliseconds) the claim holds. */
  readonly at: number;
  readonly holdMs: number;
}

export interface OpenDeadLetters {
  readonly side: DeadLetterSide;
  readonly category: string;
  readonly count: number;
}

/** Oldest first. */
export type DeadLetterPosition = readonly [createdAt: number, id: string];

/**
 * What was given up, on both sides. The same on MongoDB and in SQL.
 * Every method throws SERVICE_UNAVAILABLE when its store is away.
 */
export interface DeadLetterRepository {
  /**
   * Keeps letters. One that is there already counts its attempts on, takes the new reason and is open again, unless
   * it was discarded.
   */
  add(letters: readonly NewDeadLetter[]): Promise<void>;
  find(id: string): Promise<DeadLetter | undefined>;
  /** Oldest first. */
  list(filter: DeadLetterFilter, limit: number, after?: DeadLetterPosition): Promise<readonly DeadLetter[]>;
  /** How many are open, by side and category. */
  countOpen(): Promise<readonly OpenDeadLetters[]>;
  /** Takes open letters for oneself, oldest first. */
  claim(claim: DeadLetterClaim): Promise<readonly ClaimedDeadLetter[]>;
  /** Ends claimed letters: they succeeded. Claims that ran out are left alone. */
  complete(letters: readonly ClaimedDeadLetter[], at: number): Promise<void>;
  /** Gives a claimed letter back: it failed again, and may be tried at `retryAt`. */
  fail(
    letter: ClaimedDeadLetter,
    failure: { readonly reason: string; readonly error: string | null },
    times: { readonly at: number; readonly retryAt: number },
  ): Promise<void>;
  /** Ends open letters without success; answers how many there were. */
  discard(ids: readonly string[], at: number): Promise<number>;
}

const MAX_KEY = 255;
const MAX_REASON = 1_000;
const MAX_ERROR = 10_000;

/** The letter as it is first kept. */
export function deadLetterOf({
  payload,
  source,
  at,
  partition = null,
  ...letter
}: NewDeadLetter): DeadLetter {
  const { side, consumer, eventId, messageKey } = letter;
  const about = eventId ?? source ?? messageKey ?? "";
  return {
    ...letter,
    partition,
    id: documentIdOf(["dead_letter", side, consumer ?? "", about].join("###")),
    messageKey: messageKey?.slice(0, MAX_KEY) ?? null,
    reason: letter.reason.slice(0, MAX_REASON),
    error: letter.error?.slice(0, MAX_ERROR) ?? null,
    ...encodedPayload(payload),
    isCompleted: false,
    discardedAt: null,
    createdAt: at,
    updatedAt: at,
  };
}

function encodedPayload(payload: Buffer | string): Pick<DeadLetter, "payload" | "payloadEncoding"> {
  if (typeof payload === "string") return { payload, payloadEncoding: "utf8" };
  const text = payload.toString("utf8");
  const isText = Buffer.from(text, "utf8").equals(payload);
  return isText
    ? { payload: text, payloadEncoding: "utf8" }
    : { payload: payload.toString("base64"), payloadEncoding: "base64" };
}

/** The bytes that were given up. */
export function payloadOf({ payload, payloadEncoding }: DeadLetter): Buffer {
  return Buffer.from(payload, payloadEncoding);
}
