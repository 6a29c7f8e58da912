import type { Transaction } from "sequelize";

/** A message on its way to the event log. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A send that failed. Nothing of it has been committed. */
export class PublishError extends Error {
  override readonly name = "PublishError";
  /** `UNAVAILABLE`: the log can't take anything now; `REJECTED`: it will never take the messages with `rejectedKeys`. */
  readonly kind: "UNAVAILABLE" | "REJECTED";
  readonly rejectedKeys: readonly string[];

  constructor(
    kind: PublishError["kind"],
    message: string,
    options: { cause?: unknown; rejectedKeys?: readonly string[] } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.rejectedKeys = options.rejectedKeys ?? [];
  }
}

/** Where the publisher sends. */
export interface EventPublisher {
  send(
    messages: readonly OutgoingMessage[],
    commit: (transaction?: Transaction) => Promise<void>,
  ): Promise<void>;
}

export interface IncomingMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: Buffer | string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One batch of one partition; resolves when its effects are done: then the offset is committed. */
export type BatchHandler = (batch: readonly IncomingMessage[]) => Promise<void>;

export interface EventSubscription {
  stop(): Promise<void>;
}

export interface EventSubscriber {
  subscribe(options: {
    readonly group: string;
    readonly families: readonly string[];
    readonly handler: BatchHandler;
  }): Promise<EventSubscription>;
  lag(group: string): Promise<readonly { topic: string; partition: number; lag: number }[]>;
}
