import type { Consumer, Kafka } from "kafkajs";
import type { Position } from "./group-offsets.ts";
import { PartitionWork, type PartitionWorkOptions } from "./partition-work.ts";
import { assignBySubscription } from "./subscription-assigner.ts";

export interface GroupReaderOptions extends PartitionWorkOptions {
  readonly kafka: Kafka;
  readonly group: string;
  readonly topics: readonly string[];
  readonly sessionTimeout: number;
  /** Called once when kafkajs gives up; a new reader is needed then. */
  readonly onCrash: (error: Error) => void;
}

/**
 * Milliseconds a fetch waits for messages. A rebalance and a stop wait for the fetch that is running, and each costs a
 * process without load a hundredth of a second of processor, and the broker as much.
 */
const MAX_WAIT = 1_000;
/** Milliseconds that members with a batch in hand have when the group rebalances. */
const REBALANCE_TIMEOUT = 30_000;
const CONCURRENT_PARTITIONS = 3;

/**
 * One membership of a group, with a fixed set of topics. Another set needs another reader: kafkajs keeps asking for
 * every topic that a consumer ever followed, and fails when one of them was dropped.
 */
export class GroupReader {
  readonly #consumer: Consumer;
  readonly #work: PartitionWork;
  readonly #options: GroupReaderOptions;
  #hasCrashed = false;
  #stopping: Promise<void> | undefined;

  constructor(options: GroupReaderOptions) {
    const { kafka, group, sessionTimeout, heartbeatInterval, onCrash } = options;
    this.#options = options;
    this.#work = new PartitionWork(options);
    this.#consumer = kafka.consumer({
      groupId: group,
      sessionTimeout,
      heartbeatInterval,
      rebalanceTimeout: REBALANCE_TIMEOUT,
      maxWaitTimeInMs: MAX_WAIT,
      allowAutoTopicCreation: false,
      partitionAssigners: [assignBySubscription],
      // Restarted by the subscription, which looks at the topics anew; kafkajs would give up on some errors.
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5, restartOnFailure: async () => false },
    });
    this.#consumer.on("consumer.crash", ({ payload }) => {
      this.#hasCrashed = true;
      this.#work.close();
      if (!this.#stopping) onCrash(payload.error);
    });
    // A join that was on its way when the reader was stopped would make a member that nobody serves.
    this.#consumer.on("consumer.group_join", () => {
      if (this.#stopping) void this.#consumer.disconnect().catch(() => undefined);
    });
  }

  get hasCrashed(): boolean {
    return this.#hasCrashed;
  }

  get topics(): readonly string[] {
    return this.#options.topics;
  }

  /** Joins the group and begins to read. Rejects when the cluster or a topic can't be reached. */
  async start(): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...this.#options.topics], fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: CONCURRENT_PARTITIONS,
      eachBatch: (payload) => this.#work.handle(payload),
    });
  }

  /**
   * Commits offsets that are committed already, of topics it doesn't follow. Kafka forgets an offset a week after its
   * last commit when the group doesn't follow the topic any more, and such a day would be read again from its start.
   */
  async keep(positions: readonly Position[]): Promise<void> {
    const offsets = positions.flatMap(({ topic, partition, committed }) =>
      committed === undefined ? [] : [{ topic, partition, offset: committed }],
    );
    if (offsets.length > 0 && !this.#hasCrashed && !this.#stopping) {
      await this.#consumer.commitOffsets(offsets);
    }
  }

  /** Stops fetching, finishes and commits what is in hand, leaves the group. */
  stop(): Promise<void> {
    this.#work.close();
    this.#stopping ??= this.#consumer.disconnect();
    return this.#stopping;
  }
}
