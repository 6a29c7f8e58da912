import { sqliteError } from "./sqlite-handle.ts";

interface Waiting {
  readonly who: object;
  readonly admit: () => void;
  readonly refuse: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Lets one writer of this process in at a time, in the order of arrival. */
export class WriteQueue {
  readonly #timeout: number;
  readonly #waiting: Waiting[] = [];
  #inside: object | undefined;
  #isClosed = false;

  constructor(timeoutMs: number) {
    this.#timeout = timeoutMs;
  }

  isInside(who: object): boolean {
    return this.#inside === who;
  }

  /** Resolves when `who` may write. @throws SQLITE_BUSY after the time-out, or when the file is closed */
  async enter(who: object): Promise<void> {
    if (this.#isClosed) throw sqliteError("SQLITE_MISUSE", "the database is closed");
    if (this.#inside === undefined) {
      this.#inside = who;
      return;
    }
    await new Promise<void>((admit, refuse) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        refuse(sqliteError("SQLITE_BUSY", "database is locked by another writer of this process"));
      }, this.#timeout);
      const entry: Waiting = { who, admit, refuse, timer };
      this.#waiting.push(entry);
    });
  }

  leave(who: object): void {
    if (this.#inside !== who) return;
    const next = this.#waiting.shift();
    this.#inside = next?.who;
    if (!next) return;
    clearTimeout(next.timer);
    next.admit();
  }

  /** Refuses everyone who waits. */
  close(): void {
    this.#isClosed = true;
    for (const { timer, refuse } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      refuse(sqliteError("SQLITE_MISUSE", "the database was closed"));
    }
  }
}
