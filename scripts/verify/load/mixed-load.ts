import { setTimeout as sleep } from "node:timers/promises";
import { HttpClient } from "./http-client.ts";
import type { LoadMember } from "./members.ts";
import { type Mix, type Operation, POSTS_MIX, requestOf } from "./operations.ts";

/** A request that wasn't answered with 200. */
export interface Failure {
  readonly operation: Operation;
  /** 0 without an answer. */
  readonly status: number;
  /** The envelope's code, else what broke. */
  readonly reason: string;
  /** Milliseconds since the load began, at its sending, and until its end. */
  readonly at: number;
  readonly milliseconds: number;
}

const DISPATCH_MS = 10;
/** Longer than the longest time-out of the product. */
const PATIENCE_MS = 20_000;
const KNOWN_POSTS = 500;
const FIRST_POSTS = 30;

/** Requests of all kinds at a steady rate, whatever becomes of those before. Remembers what was acknowledged. */
export class MixedLoad {
  readonly failures: Failure[] = [];
  readonly latencies = new Map<Operation, number[]>();
  /** Ids of what the product said it has. */
  readonly acknowledged = { posts: new Set<number>(), comments: new Set<number>() };
  sent = 0;
  readonly #client = new HttpClient();
  readonly #urlOf: (operation: Operation) => string;
  readonly #members: readonly LoadMember[];
  readonly #rate: number;
  readonly #mix: Mix;
  readonly #rampMs: number;
  readonly #began = performance.now();
  readonly #inFlight = new Set<Promise<void>>();
  #posts: number[] = [];
  #isStopped = false;
  #done: Promise<void> | undefined;

  /**
   * @param options.rate requests a second
   * @param options.rampMs how long it takes until it sends so many: processes that have just started are slow at first
   */
  constructor(options: {
    readonly urlOf: (operation: Operation) => string;
    readonly members: readonly LoadMember[];
    readonly rate: number;
    readonly mix?: Mix;
    readonly rampMs?: number;
  }) {
    this.#urlOf = options.urlOf;
    this.#members = options.members;
    this.#rate = options.rate;
    this.#mix = options.mix ?? POSTS_MIX;
    this.#rampMs = options.rampMs ?? 0;
  }

  start(): void {
    this.#done = this.#dispatch();
  }

  /** Stops sending; resolves when all have their answers. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#done;
    await Promise.all(this.#inFlight);
  }

  /** Reads that were sent again, since their connection ended before any byte of an answer. */
  get resent(): number {
    return this.#client.resent;
  }

  /** Milliseconds since the beginning. */
  get now(): number {
    return performance.now() - this.#began;
  }

  /** Resolves when that many more have been sent. */
  async passes(count: number): Promise<void> {
    const target = this.sent + count;
    while (this.sent < target) await sleep(DISPATCH_MS);
  }

  /** Resolves with the time when requests have been answered well for a second and none failed. */
  async recoveredOrThrow(deadlineMs: number): Promise<number> {
    const deadline = this.now + deadlineMs;
    while (this.now < deadline + 1_000) {
      const last = this.failures.at(-1);
      const since = last ? last.at + last.milliseconds : Number.NEGATIVE_INFINITY;
      if (this.now - since > 1_000) return since;
      await sleep(50);
    }
    const last = this.failures.at(-1);
    throw new Error(
      `requests still fail after ${deadlineMs} ms: ${last?.operation} ${last?.status} ${last?.reason}`,
    );
  }

  async #dispatch(): Promise<void> {
    while (!this.#isStopped) {
      const due = Math.floor((this.#fullSpeedMs() / 1_000) * this.#rate);
      while (this.sent < due) {
        this.sent++;
        const request = this.#request(this.#choose()).finally(() => this.#inFlight.delete(request));
        this.#inFlight.add(request);
      }
      await sleep(DISPATCH_MS);
    }
  }

  /** As long as it would have taken at full speed. */
  #fullSpeedMs(): number {
    const { now } = this;
    return now < this.#rampMs ? now ** 2 / (2 * this.#rampMs) : now - this.#rampMs / 2;
  }

  #choose(): Operation {
    let ticket = Math.random() * 100;
    for (const [operation, share] of this.#mix) {
      ticket -= share;
      // Else all would comment on and like the same few, and wait for each other.
      if (ticket < 0) return this.#posts.length < FIRST_POSTS ? "post" : operation;
    }
    return "feed";
  }

  async #request(operation: Operation): Promise<void> {
    const at = this.now;
    const url = this.#urlOf(operation);
    const member = this.#members[Math.floor(Math.random() * this.#members.length)];
    const postId = this.#posts[Math.floor(Math.random() * this.#posts.length)] ?? 1;
    const { method, path, body } = requestOf(operation, postId, member);
    try {
      const { status, text } = await this.#client.send(`${url}/api${path}`, {
        method,
        headers: { "content-type": "application/json", authorization: `Bearer ${member?.accessToken}` },
        body: body instanceof FormData ? body : body && JSON.stringify(body),
        timeoutMs: PATIENCE_MS,
      });
      const milliseconds = this.now - at;
      if (status >= 200 && status < 300) {
        this.#note(operation, milliseconds, text);
      } else if (!isExpected(operation, text)) {
        this.failures.push({ operation, status, reason: codeIn(text), at, milliseconds });
      }
    } catch (error) {
      const { name, code = name } = error as NodeJS.ErrnoException;
      const reason = typeof code === "string" ? code : name;
      this.failures.push({ operation, status: 0, reason, at, milliseconds: this.now - at });
    }
  }

  #note(operation: Operation, milliseconds: number, text: string): void {
    const latencies = this.latencies.get(operation) ?? [];
    latencies.push(milliseconds);
    this.latencies.set(operation, latencies);
    if (operation !== "comment" && operation !== "post") return;
    const { data } = JSON.parse(text) as { data: { id: number } };
    if (operation === "comment") return void this.acknowledged.comments.add(data.id);
    this.acknowledged.posts.add(data.id);
    this.#posts = [...this.#posts.slice(1 - KNOWN_POSTS), data.id];
  }
}

/** A second like of the same member. */
function isExpected(operation: Operation, text: string): boolean {
  return operation === "like" && /ALREADY/.test(codeIn(text));
}

function codeIn(text: string): string {
  try {
    return (JSON.parse(text) as { code?: string }).code ?? `no code: ${text.slice(0, 100)}`;
  } catch {
    return `no envelope: ${text.slice(0, 100)}`;
  }
}
