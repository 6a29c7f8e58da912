import type { Kafka } from "kafkajs";
import type { Logger } from "moleculer";
import type { BatchHandler, EventSubscription } from "../event-log/event-log.ts";
import { GroupReader } from "./group-reader.ts";
import type { TopicAdmin } from "./topic-admin.ts";

/** Milliseconds. Tests shorten them. */
export interface SubscriptionTimes {
  /** A killed member's partitions are dealt out again after this. */
  readonly sessionTimeout: number;
  readonly heartbeatInterval: number;
  /** How often the clock is looked at: a timer until midnight would miss it where the machine sleeps. */
  readonly clockInterval: number;
  /** How often the topics are looked at anyway, for a day that was written to late. */
  readonly topicsInterval: number;
  /** How long a stop waits for what is in hand. */
  readonly stopTimeout: number;
}

export const SUBSCRIPTION_TIMES: SubscriptionTimes = {
  sessionTimeout: 10_000,
  heartbeatInterval: 1_000,
  clockInterval: 1_000,
  topicsInterval: 600_000,
  stopTimeout: 15_000,
};

export interface KafkaSubscriptionOptions {
  /** A client of its own: kafkajs shares the known offsets of a group between the consumers of a client. */
  readonly connect: () => Kafka;
  readonly topics: TopicAdmin;
  readonly group: string;
  readonly families: readonly string[];
  readonly handler: BatchHandler;
  readonly logger: Logger;
  readonly now: () => number;
  readonly times: SubscriptionTimes;
}

const BATCH_SIZE = 500;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/**
 * Keeps a group reading the dated topics of its families: at the start, at each change of the date, and after
 * a failure it finds the topics anew and joins with them. Runs until stopped, with or without a reachable cluster.
 */
export class KafkaSubscription implements EventSubscription {
  readonly #options: KafkaSubscriptionOptions;
  readonly #running: Promise<void>;
  #reader: GroupReader | undefined;
  #crash: Error | undefined;
  #isStopped = false;
  #wake: () => void = () => undefined;

  constructor(options: KafkaSubscriptionOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** The topics followed at the moment; none while the cluster is away. */
  get followed(): readonly string[] {
    return this.#reader?.hasCrashed === false ? this.#reader.topics : [];
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake();
    const { group, logger, times } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), times.stopTimeout);
    });
    const outcome = await Promise.race([this.#running, timeout]);
    clearTimeout(timer);
    if (outcome === "late") logger.warn({ group }, "left a group without finishing what was in hand");
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#isStopped) {
      try {
        // Before the topics are found: joining takes a while, and midnight may fall into it.
        const found = { date: this.#options.topics.today(), at: this.#options.now() };
        await this.#follow();
        failures = 0;
        await this.#untilSomethingChanges(found);
      } catch (error) {
        failures += 1;
        const { logger, group } = this.#options;
        logger.warn({ group, failures, err: error }, "events can't be read at the moment");
        if (this.#reader?.hasCrashed) await this.#leave();
        await this.#wait(Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE));
      }
    }
    await this.#leave();
  }

  /** Joins with the topics of now, unless it reads just those already. */
  async #follow(): Promise<void> {
    const { topics, group, families, connect, handler, logger, times } = this.#options;
    const { topics: wanted, read } = await topics.toFollow(group, families);
    if (this.#isStopped || this.followed.join() === wanted.join()) return;
    await this.#leave();
    this.#reader = new GroupReader({
      kafka: connect(),
      group,
      topics: wanted,
      handler,
      logger,
      batchSize: BATCH_SIZE,
      sessionTimeout: times.sessionTimeout,
      heartbeatInterval: times.heartbeatInterval,
      onCrash: (error) => {
        this.#crash = error;
        this.#wake();
      },
    });
    await this.#reader.start().catch(async (error: unknown) => {
      await this.#leave();
      throw error;
    });
    await this.#reader.keep(read);
    logger.info({ group, topics: wanted }, "following topics");
  }

  async #leave(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#crash = undefined;
    await reader?.stop();
  }

  /** Resolves when the topics should be looked at again; rejects when the reader gave up. */
  async #untilSomethingChanges(found: { readonly date: string; readonly at: number }): Promise<void> {
    const { topics, now, times } = this.#options;
    while (!this.#isStopped) {
      if (this.#crash) throw this.#crash;
      if (topics.today() !== found.date || now() - found.at >= times.topicsInterval) return;
      await this.#wait(times.clockInterval);
    }
  }

  async #wait(duration: number): Promise<void> {
    if (this.#isStopped) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, duration);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }
}
