import { setTimeout as delay } from "node:timers/promises";
import { isBusy, SqliteHandle, sqliteError } from "./sqlite-handle.ts";
import { leaseWriteQueue, type WriteQueue } from "./write-queue.ts";

export interface SqliteOptions {
  /** Milliseconds a writer waits for others, of this process and of others, before SQLITE_BUSY. */
  readonly busyTimeoutMs?: number;
}

interface Handles {
  readonly reader: SqliteHandle;
  readonly writer: SqliteHandle;
}

const DEFAULT_BUSY_TIMEOUT = 10_000;
const LONGEST_PAUSE = 20;

/**
 * One database file with two handles: a reader, which sees what is committed, and a writer, which serves one
 * transaction (or single write) at a time. Waiting for another process happens between attempts,
 * never inside SQLite: a synchronous driver that waits would stop the whole process.
 */
export class SqliteFile {
  readonly #path: string;
  readonly #queue: WriteQueue;
  readonly #releaseQueue: () => void;
  readonly #busyTimeout: number;
  readonly #tableInfo = new Map<string, { readonly version: unknown; readonly rows: unknown[] }>();
  readonly #abandoned = new WeakSet<object>();
  #handles: Handles | undefined;
  #opening: Promise<Handles> | undefined;
  #isClosed = false;

  /** @throws SQLITE_MISUSE for a database in memory, which two handles can't share */
  constructor(path: string, { busyTimeoutMs = DEFAULT_BUSY_TIMEOUT }: SqliteOptions) {
    if (path === "" || path.includes(":memory:")) throw sqliteError("SQLITE_MISUSE", "a file is needed");
    this.#path = path;
    this.#busyTimeout = busyTimeoutMs;
    const { queue, release } = leaseWriteQueue(path);
    this.#queue = queue;
    this.#releaseQueue = release;
  }

  /** Opens the file if it isn't; after a failure the next call tries again. */
  async open(): Promise<Handles> {
    if (this.#isClosed) throw sqliteError("SQLITE_MISUSE", "the database is closed");
    if (this.#handles) return this.#handles;
    this.#opening ??= this.#openHandles().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Begins the transaction of `owner`. IMMEDIATE: a transaction that reads first could not become a writer later. */
  async begin(owner: object): Promise<void> {
    const { writer } = await this.open();
    if (this.#abandoned.has(owner)) throw sqliteError("SQLITE_MISUSE", "the connection was closed");
    await this.#enter(owner, () => writer.exec("BEGIN IMMEDIATE"));
  }

  /**
   * Commits or rolls back; the transaction is over in any case. After a failed commit Sequelize neither rolls
   * back nor closes the connection: it "kills" it through a pool that never held it, so the roll-back is ours.
   */
  async end(owner: object, text: string): Promise<void> {
    const { writer } = await this.open();
    const isRollback = /^\s*ROLLBACK/i.test(text);
    if (!this.#queue.isInside(owner)) {
      // Sequelize rolls back after a failed BEGIN; an error here would make it keep the connection for ever.
      if (isRollback) return;
      throw sqliteError("SQLITE_ERROR", "cannot commit - no transaction is active");
    }
    try {
      // SQLite may have rolled back by itself, for instance when the disk is full.
      if (!isRollback || writer.isInTransaction) await this.#patiently(() => writer.exec(text), owner);
    } catch (error) {
      if (this.#queue.isInside(owner) && writer.isInTransaction) writer.exec("ROLLBACK");
      throw error;
    } finally {
      this.#queue.leave(owner);
    }
  }

  /** Gives up whatever a closed connection left open or waits for. */
  abandon(owner: object): void {
    this.#abandoned.add(owner);
    this.#queue.withdraw(owner);
    if (!this.#queue.isInside(owner)) return;
    try {
      if (this.#handles?.writer.isInTransaction) this.#handles.writer.exec("ROLLBACK");
    } finally {
      this.#queue.leave(owner);
    }
  }

  /** A read of a transaction sees that transaction's writes; any other sees what is committed. */
  async read(owner: object, text: string, params: unknown): Promise<unknown[]> {
    const { reader, writer } = await this.open();
    if (!this.#queue.isInside(owner)) return this.#patiently(() => reader.all(text, params));
    return this.#patiently(() => inTransaction(writer).all(text, params), owner);
  }

  /** A write of a transaction, or one of its own. */
  async write<T>(owner: object, work: (writer: SqliteHandle) => T): Promise<T> {
    const { writer } = await this.open();
    if (this.#queue.isInside(owner)) return this.#patiently(() => work(inTransaction(writer)), owner);
    const visitor = {};
    try {
      return await this.#enter(visitor, () => work(writer));
    } finally {
      this.#queue.leave(visitor);
    }
  }

  /** A setting is the file's, for all connections of this process, not one connection's. */
  async set(owner: object, text: string): Promise<void> {
    const { reader } = await this.open();
    await this.write(owner, (writer) => writer.exec(text));
    await this.#patiently(() => reader.exec(text));
  }

  /** Sequelize asks for this before every model read. Within a transaction, its own schema changes count. */
  async tableInfo(owner: object, text: string): Promise<unknown[]> {
    const { reader } = await this.open();
    if (this.#queue.isInside(owner)) return this.read(owner, text, undefined);
    return this.#patiently(() => {
      const version = reader.schemaVersion();
      const known = this.#tableInfo.get(text);
      if (known && known.version === version) return known.rows;
      const rows = reader.all(text, undefined);
      this.#tableInfo.set(text, { version, rows });
      return rows;
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#queue.evict(this);
    this.#releaseQueue();
    this.#handles?.reader.close();
    this.#handles?.writer.close();
  }

  async #openHandles(): Promise<Handles> {
    // The first openers of a new file compete for it when they switch on the write-ahead log.
    const writer = await this.#patiently(() => new SqliteHandle(this.#path));
    try {
      return await this.#patiently(() => {
        this.#handles = { reader: new SqliteHandle(this.#path), writer };
        return this.#handles;
      });
    } catch (error) {
      writer.close();
      throw error;
    }
  }

  /** Waits for the place in the queue and then for other processes; on failure the place is left. */
  async #enter<T>(who: object, work: () => T): Promise<T> {
    const deadline = Date.now() + this.#busyTimeout;
    await this.#queue.enter(who, this, this.#busyTimeout);
    try {
      return await this.#patiently(work, who, deadline);
    } catch (error) {
      this.#queue.leave(who);
      throw error;
    }
  }

  /** Tries again while another process holds the file, and as long as `who`, if given, keeps the place in the queue. */
  async #patiently<T>(work: () => T, who?: object, deadline = Date.now() + this.#busyTimeout): Promise<T> {
    for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      if (this.#isClosed || (who && !this.#queue.isInside(who))) {
        throw sqliteError("SQLITE_MISUSE", "the database or the connection was closed");
      }
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || Date.now() > deadline) throw error;
      }
      await delay(pause * (0.5 + Math.random()));
    }
  }
}

/** Without its transaction, which SQLite may have ended, a statement would be committed on its own. */
function inTransaction(writer: SqliteHandle): SqliteHandle {
  if (!writer.isInTransaction) throw sqliteError("SQLITE_ABORT", "the transaction was rolled back");
  return writer;
}
