import { resolve } from "node:path";
import { sqliteError } from "./sqlite-handle.ts";

/** A writer, and through which opened file it writes. */
interface Place {
  readonly who: object;
  readonly through: object;
}

interface Waiting extends Place {
  readonly admit: () => void;
  readonly refuse: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Lets one writer of this process in at a time, in the order of arrival. */
export class WriteQueue {
  #waiting: Waiting[] = [];
  #inside: Place | undefined;

  isInside(who: object): boolean {
    return this.#inside?.who === who;
  }

  /** Resolves when `who` may write. @throws SQLITE_BUSY after the time-out, SQLITE_MISUSE when withdrawn or closed */
  async enter(who: object, through: object, timeoutMs: number): Promise<void> {
    if (this.#inside === undefined) {
      this.#inside = { who, through };
      return;
    }
    await new Promise<void>((admit, refuse) => {
      const timer = setTimeout(() => {
        this.#refuse(
          (waiting) => waiting.timer === timer,
          () => sqliteError("SQLITE_BUSY", "database is locked by another writer of this process"),
        );
      }, timeoutMs);
      this.#waiting.push({ who, through, admit, refuse, timer });
    });
  }

  leave(who: object): void {
    if (this.isInside(who)) this.#admitNext();
  }

  /** Takes back the waiting place of a connection that was closed. */
  withdraw(who: object): void {
    this.#refuse(
      (waiting) => waiting.who === who,
      () => sqliteError("SQLITE_MISUSE", "the connection was closed"),
    );
  }

  /** Ends all places of a file that was closed; other openings of the same file go on. */
  evict(through: object): void {
    this.#refuse(
      (waiting) => waiting.through === through,
      () => sqliteError("SQLITE_MISUSE", "the database was closed"),
    );
    if (this.#inside?.through === through) this.#admitNext();
  }

  #admitNext(): void {
    const next = this.#waiting.shift();
    this.#inside = next;
    if (!next) return;
    clearTimeout(next.timer);
    next.admit();
  }

  #refuse(isMeant: (waiting: Waiting) => boolean, reason: () => Error): void {
    const refused = this.#waiting.filter(isMeant);
    this.#waiting = this.#waiting.filter((waiting) => !isMeant(waiting));
    for (const { timer, refuse } of refused) {
      clearTimeout(timer);
      refuse(reason());
    }
  }
}

const queues = new Map<string, { readonly queue: WriteQueue; users: number }>();

/** The process's one queue of the file at `path`, however often it is opened; `release` it once. */
export function leaseWriteQueue(path: string): { readonly queue: WriteQueue; readonly release: () => void } {
  const key = resolve(path);
  const entry = queues.get(key) ?? { queue: new WriteQueue(), users: 0 };
  queues.set(key, entry);
  entry.users++;
  return {
    queue: entry.queue,
    release: () => {
      if (--entry.users === 0) queues.delete(key);
    },
  };
}
