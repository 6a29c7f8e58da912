import { closeSync, existsSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from "node:fs";
import type { PlanSizes } from "./plan.ts";

/** What makes an import this import: a state file of another one must not be resumed. */
export interface ImportIdentity extends PlanSizes {
  readonly graph: string;
  readonly texts: string;
  readonly prefix: string;
}

type Entry =
  | { readonly import: ImportIdentity; readonly password: string }
  | { readonly run: { readonly concurrency: number } }
  | { readonly member: number; readonly id: number }
  | { readonly post: number; readonly id: number }
  | { readonly comment: number; readonly id: number }
  | { readonly follows: number }
  | { readonly likes: number };

/**
 * What an import has done so far: a file of JSON lines, appended before the next thing is sent. So after a kill only
 * what was under way is unknown. Holds the members' password, hence readable by its owner only.
 */
export class ImportState {
  /** True when an earlier run left the file behind. */
  readonly resumed: boolean;
  password = "";
  /** Ids of what was created, by index in the plan. */
  readonly memberIds = new Map<number, number>();
  readonly postIds: number[] = [];
  readonly commentIds = new Map<number, number>();
  /** All follows (likes) of the plan below this index are done; some after it may be. */
  followsDone = 0;
  likesDone = 0;
  /** The most writes that any earlier run had under way at once. */
  earlierConcurrency = 0;
  readonly #path: string;
  readonly #file: number;

  /** @throws Error when the file is no import state, or that of another import */
  constructor(path: string, identity: ImportIdentity, newPassword: () => string) {
    this.#path = path;
    this.resumed = existsSync(path) && this.#readOrThrow(path, identity);
    this.#file = openSync(path, "a", 0o600);
    if (!this.resumed) {
      this.password = newPassword();
      this.#append({ import: identity, password: this.password });
    }
  }

  recordRun(concurrency: number): void {
    this.#append({ run: { concurrency } });
  }

  recordMember(member: number, id: number): void {
    this.memberIds.set(member, id);
    this.#append({ member, id });
  }

  recordPost(post: number, id: number): void {
    this.postIds[post] = id;
    this.#append({ post, id });
  }

  recordComment(comment: number, id: number): void {
    this.commentIds.set(comment, id);
    this.#append({ comment, id });
  }

  recordFollows(done: number): void {
    this.followsDone = done;
    this.#append({ follows: done });
  }

  recordLikes(done: number): void {
    this.likesDone = done;
    this.#append({ likes: done });
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Closes and removes the file: no later run should take itself for the continuation of this one. */
  discard(): void {
    this.close();
    rmSync(this.#path);
  }

  #append(entry: Entry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  /** False when the file holds nothing yet. */
  #readOrThrow(path: string, identity: ImportIdentity): boolean {
    const content = readFileSync(path);
    const end = content.lastIndexOf("\n") + 1;
    const lines = content.toString("utf8", 0, end).split("\n").slice(0, -1);
    for (const [index, line] of lines.entries()) {
      const entry = parseEntryOrThrow(path, index + 1, line);
      if ("import" in entry !== (index === 0)) throw new Error(`${path} is not the state of an import`);
      this.#apply(entry, path, identity);
    }
    // A line without its end was cut by a kill: what it said is found again by looking into the system.
    truncateSync(path, end);
    return lines.length > 0;
  }

  #apply(entry: Entry, path: string, identity: ImportIdentity): void {
    if ("import" in entry) {
      assertSameImport(path, entry.import, identity);
      this.password = entry.password;
    } else if ("run" in entry) {
      this.earlierConcurrency = Math.max(this.earlierConcurrency, entry.run.concurrency);
    } else if ("member" in entry) this.memberIds.set(entry.member, entry.id);
    else if ("post" in entry) this.postIds[entry.post] = entry.id;
    else if ("comment" in entry) this.commentIds.set(entry.comment, entry.id);
    else if ("follows" in entry) this.followsDone = entry.follows;
    else this.likesDone = entry.likes;
  }
}

function parseEntryOrThrow(path: string, line: number, text: string): Entry {
  try {
    return JSON.parse(text) as Entry;
  } catch {
    throw new Error(
      `line ${line} of ${path} is damaged: remove the file to import anew into an empty system`,
    );
  }
}

function assertSameImport(path: string, earlier: ImportIdentity, identity: ImportIdentity): void {
  for (const key of Object.keys(identity) as (keyof ImportIdentity)[]) {
    if (earlier[key] === identity[key]) continue;
    throw new Error(
      `${path} belongs to another import: its ${key} is ${earlier[key]}, not ${identity[key]}. ` +
        "Give the same options to resume it, or another --state and another --prefix to begin a new one",
    );
  }
}

/** How many of a list are done without a gap, when they end in any order. */
export class Watermark {
  #done: number;
  readonly #ahead = new Set<number>();

  constructor(done: number) {
    this.#done = done;
  }

  /** Marks one as done and gives how many are done from the start on. */
  add(index: number): number {
    this.#ahead.add(index);
    while (this.#ahead.delete(this.#done)) this.#done++;
    return this.#done;
  }
}
