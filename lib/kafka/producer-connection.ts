import { type Kafka, Partitioners, type Producer, type ProducerBatch } from "kafkajs";
import type { TopicAdmin } from "./topic-admin.ts";

/** Few tries, enough to find a new leader. For more there is the outbox, which has all the patience. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 500, retries: 2 };

/** A producer of kafkajs from its connection to its end, which waits for the sends that are under way. */
export class ProducerConnection {
  readonly #admin: TopicAdmin;
  readonly #producer: Producer;
  readonly #connected: Promise<void>;
  readonly #topics = new Map<string, Promise<unknown>>();
  readonly #sends = new Set<Promise<unknown>>();

  constructor(kafka: Kafka, admin: TopicAdmin) {
    this.#admin = admin;
    this.#producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: RETRY,
    });
    this.#connected = this.#producer.connect();
    // Told by the sends, which await it.
    this.#connected.catch(() => undefined);
  }

  get topics(): readonly string[] {
    return [...this.#topics.keys()];
  }

  async send(batch: ProducerBatch): Promise<void> {
    const sending = this.#send(batch);
    const settled = sending.catch(() => undefined);
    this.#sends.add(settled);
    await sending.finally(() => this.#sends.delete(settled));
  }

  async retire(): Promise<void> {
    await Promise.all(this.#sends);
    await this.#producer.disconnect().catch(() => undefined);
  }

  async #send(batch: ProducerBatch): Promise<void> {
    const topics = batch.topicMessages?.map(({ topic }) => topic) ?? [];
    await Promise.all([this.#connected, ...topics.map((topic) => this.#made(topic))]);
    await this.#producer.sendBatch(batch);
  }

  /** The day's topic exists long before midnight; not so where the job that makes it did not run. */
  #made(topic: string): Promise<unknown> {
    const known = this.#topics.get(topic);
    if (known) return known;
    const made = this.#admin.ensure([topic]);
    made.catch(() => undefined);
    this.#topics.set(topic, made);
    return made;
  }
}
