import { setTimeout as delay } from "node:timers/promises";
import { isBusy, SqliteHandle, sqliteError } from "./sqlite-handle.ts";
import { WriteQueue } from "./write-queue.ts";

export interface SqliteOptions {
  /** Milliseconds a writer waits for others, of this process and of others, before SQLITE_BUSY. */
  readonly busyTimeoutMs?: number;
}

const DEFAULT_BUSY_TIMEOUT = 10_000;
const LONGEST_PAUSE = 20;

/**
 * One database file with two handles: a reader, which sees what is committed, and a writer, which serves one
 * transaction (or single write) at a time. Waiting for another process happens between attempts,
 * never inside SQLite: a synchronous driver that waits would stop the whole process.
 */
export class SqliteFile {
  readonly #reader: SqliteHandle;
  readonly #writer: SqliteHandle;
  readonly #queue: WriteQueue;
  readonly #busyTimeout: number;
  readonly #tableInfo = new Map<string, unknown[]>();

  constructor(path: string, { busyTimeoutMs = DEFAULT_BUSY_TIMEOUT }: SqliteOptions) {
    this.#busyTimeout = busyTimeoutMs;
    this.#queue = new WriteQueue(busyTimeoutMs);
    this.#writer = new SqliteHandle(path);
    this.#reader = new SqliteHandle(path);
  }

  /** Begins the transaction of `owner`. IMMEDIATE: a transaction that reads first could not become a writer later. */
  async begin(owner: object): Promise<void> {
    await this.#queue.enter(owner);
    try {
      await this.#patiently(() => this.#writer.exec("BEGIN IMMEDIATE"));
    } catch (error) {
      this.#queue.leave(owner);
      throw error;
    }
  }

  /** Commits or rolls back. A failed commit stays open, so that the caller can roll back. */
  async end(owner: object, text: string): Promise<void> {
    if (!this.#queue.isInside(owner)) throw sqliteError("SQLITE_ERROR", "no transaction is active");
    const isRollback = /^\s*ROLLBACK/i.test(text);
    // SQLite may have rolled back by itself, for instance when the disk is full.
    if (!isRollback || this.#writer.isInTransaction) await this.#patiently(() => this.#writer.exec(text));
    this.#queue.leave(owner);
  }

  /** Gives up whatever a closed connection left open. */
  abandon(owner: object): void {
    if (!this.#queue.isInside(owner)) return;
    if (this.#writer.isInTransaction) this.#writer.exec("ROLLBACK");
    this.#queue.leave(owner);
  }

  /** A read of a transaction sees that transaction's writes; any other sees what is committed. */
  async read(owner: object, text: string, params: unknown): Promise<unknown[]> {
    const handle = this.#queue.isInside(owner) ? this.#writer : this.#reader;
    return this.#patiently(() => handle.all(text, params));
  }

  /** A write of a transaction, or one of its own. */
  async write<T>(owner: object, work: (writer: SqliteHandle) => T): Promise<T> {
    if (this.#queue.isInside(owner)) return this.#patiently(() => work(this.#writer));
    const visitor = {};
    await this.#queue.enter(visitor);
    try {
      return await this.#patiently(() => work(this.#writer));
    } finally {
      this.#queue.leave(visitor);
    }
  }

  /** Sequelize asks for this before every model read. */
  async tableInfo(owner: object, text: string): Promise<unknown[]> {
    const known = this.#tableInfo.get(text);
    if (known) return known;
    const rows = await this.read(owner, text, undefined);
    if (rows.length > 0) this.#tableInfo.set(text, rows);
    return rows;
  }

  forgetTableInfo(): void {
    this.#tableInfo.clear();
  }

  close(): void {
    this.#queue.close();
    this.#reader.close();
    this.#writer.close();
  }

  /** Tries again while another process holds the file. */
  async #patiently<T>(work: () => T): Promise<T> {
    const deadline = Date.now() + this.#busyTimeout;
    for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || Date.now() > deadline) throw error;
      }
      await delay(pause * (0.5 + Math.random()));
    }
  }
}
