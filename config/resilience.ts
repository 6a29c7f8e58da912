import { availableParallelism } from "node:os";

/** Judges the last calls to a service, and stops calling it while too many fail or are slow. Times in milliseconds. */
export interface ServiceBreakerOptions {
  readonly enabled: boolean;
  /** Calls that are remembered. */
  readonly windowSize: number;
  /** Calls before the first judgement. */
  readonly minRequestCount: number;
  /** Share of failed calls (0..1) at which it opens. */
  readonly threshold: number;
  /** A call is slow from here on. */
  readonly slowTime: number;
  /** Share of slow calls (0..1) at which it opens. */
  readonly slowThreshold: number;
  /** Time from open to half-open. */
  readonly halfOpenTime: number;
  /** Calls that are tried when half-open; not more than `windowSize`. */
  readonly halfOpenRequests: number;
}

/** Repeats a call that may be repeated. `retries` come after the first attempt, `delay` (ms) before each. */
export interface RetryOptions {
  readonly enabled: boolean;
  readonly retries: number;
  readonly delay: number;
}

/** Bounds calls that leave the process. */
export interface CallLimitOptions {
  readonly enabled: boolean;
  /** Calls a second. */
  readonly permits: number;
  /** Milliseconds that a call may wait for its permit. */
  readonly maxWait: number;
}

/** Milliseconds. */
export interface CallTimes {
  readonly attempt: number;
  /** All attempts and the waits between them. */
  readonly total: number;
}

/** How calls to a service are protected; what is missing doesn't apply. */
export interface TargetClass {
  readonly breaker: ServiceBreakerOptions;
  readonly retry?: RetryOptions;
  readonly limit?: CallLimitOptions;
  readonly times: CallTimes;
}

export const BREAKERS = {
  default: {
    enabled: true,
    windowSize: 100,
    minRequestCount: 10,
    threshold: 0.5,
    slowTime: 5_000,
    slowThreshold: 0.8,
    halfOpenTime: 60_000,
    halfOpenRequests: 10,
  },
  critical: {
    enabled: true,
    windowSize: 50,
    minRequestCount: 5,
    threshold: 0.4,
    slowTime: 3_000,
    slowThreshold: 0.7,
    halfOpenTime: 30_000,
    halfOpenRequests: 5,
  },
  bulk: {
    enabled: true,
    windowSize: 200,
    minRequestCount: 20,
    threshold: 0.6,
    slowTime: 10_000,
    slowThreshold: 0.85,
    halfOpenTime: 120_000,
    halfOpenRequests: 10,
  },
  healthCheck: {
    enabled: true,
    windowSize: 10,
    minRequestCount: 3,
    threshold: 0.5,
    slowTime: 3_000,
    slowThreshold: 0.8,
    halfOpenTime: 10_000,
    halfOpenRequests: 3,
  },
} as const satisfies Record<string, ServiceBreakerOptions>;

export const RETRIES = {
  default: { enabled: true, retries: 2, delay: 500 },
  fast: { enabled: true, retries: 1, delay: 300 },
  conservative: { enabled: true, retries: 1, delay: 1_000 },
} as const satisfies Record<string, RetryOptions>;

export type CallLimitName = "default" | "critical" | "conservative";

/** What the environment decides of the classes. */
export interface CallsConfig {
  /** Calls a second from this process to each service of a class; 0 = no limit. */
  readonly limits: Readonly<Record<CallLimitName, number>>;
  /** Factor of all times that calls may take. */
  readonly patience: number;
}

/** Milliseconds that a call over the limit waits for the next second. */
const MAX_WAIT = { default: 0, critical: 100, conservative: 0 } as const;

const TIMES = {
  default: { attempt: 3_000, total: 10_000 },
  image: { attempt: 10_000, total: 30_000 },
  search: { attempt: 4_000, total: 15_000 },
} as const satisfies Record<string, CallTimes>;

/** The classes by target service. Services without one (the gateway, which nobody calls) aren't protected. */
export function targetClasses({ limits, patience }: CallsConfig): ReadonlyMap<string, TargetClass> {
  const classOf = (breaker: keyof typeof BREAKERS, times: keyof typeof TIMES = "default") => ({
    breaker: { ...BREAKERS[breaker], slowTime: BREAKERS[breaker].slowTime * patience },
    times: { attempt: TIMES[times].attempt * patience, total: TIMES[times].total * patience },
  });
  const limit = (name: CallLimitName): CallLimitOptions => ({
    enabled: limits[name] > 0,
    permits: limits[name],
    maxWait: MAX_WAIT[name],
  });
  const critical = { ...classOf("critical"), retry: RETRIES.fast, limit: limit("critical") };
  const normal = { ...classOf("default"), retry: RETRIES.default, limit: limit("default") };
  const bulk = { ...classOf("bulk", "image"), retry: RETRIES.conservative, limit: limit("conservative") };
  const healthCheck = classOf("healthCheck");
  return new Map<string, TargetClass>([
    ["auth", critical],
    ["member", critical],
    ["timeline", critical],
    ["content", normal],
    ["activity", normal],
    ["batch", normal],
    ["search", { ...normal, ...classOf("default", "search") }],
    ["image", bulk],
    ["$node", healthCheck],
    ["$breakers", healthCheck],
  ]);
}

/** Milliseconds for a call of a service that has no class. */
export const UNCLASSED_TIME = TIMES.default.total;

/** Callers whose calls to other nodes don't count: the gateway has limits of its own, for each client. */
export const UNLIMITED_CALLERS: readonly string[] = ["api"];

/** A call that may take longer than this (milliseconds) is work in the background, whose time says nothing. */
export const BACKGROUND_TIME = 60_000;

/** Milliseconds after the transporter's return until all nodes are back too: clients of Redis try every 2 s at least. */
export const TRANSPORTER_SETTLING = 3_000;

/** Moleculer's own breaker, for one action of one node that doesn't answer any more: the others take over. */
export const NODE_BREAKER = {
  enabled: true,
  threshold: 0.5,
  windowTime: 60,
  minRequestCount: 5,
  halfOpenTime: 5_000,
} as const;

export interface BulkheadOptions {
  readonly enabled: boolean;
  /** Calls at work at the same time. */
  readonly concurrency: number;
  /** Calls that wait at most; at least 1, since Moleculer takes 0 for "no end". */
  readonly maxQueueSize: number;
  /** Milliseconds for waiting and work, in place of those of the service's class. */
  readonly timeout?: number;
}

/**
 * Pictures that a process decodes at the same time: up to 40 megapixels of memory each, and libvips shares libuv's four threads with files
 * and hashes, to which some are left.
 */
export const DECODED_AT_ONCE = Math.min(2, availableParallelism());

/** Kinds of heavy work. Each service has one queue of a kind, whichever of its actions do that work. */
export const BULKHEADS = {
  /** 19 MiB and some 15 ms of a core each; a burst of log-ins fits into the queue, and may wait. */
  hashing: { enabled: true, concurrency: 2, maxQueueSize: 64, timeout: TIMES.default.total },
  /** One more than are decoded: it goes to the disk meanwhile, which would leave a processor idle. */
  image: { enabled: true, concurrency: DECODED_AT_ONCE + 1, maxQueueSize: 32 },
  search: { enabled: true, concurrency: 8, maxQueueSize: 128 },
  /** Up to 1,000 ids each. */
  bulkRead: { enabled: true, concurrency: 8, maxQueueSize: 256 },
  /** Pages that skip much. */
  deepRead: { enabled: true, concurrency: 1, maxQueueSize: 8 },
} as const satisfies Record<string, BulkheadOptions>;

/** Milliseconds that a call must have left when its turn comes: its caller's clock began a little earlier. */
export const LEAST_TIME_AT_TURN = 50;

export type BulkheadKind = keyof typeof BULKHEADS;

/** The bulkheads by kind. */
export function bulkheads({ patience }: CallsConfig): Record<BulkheadKind, BulkheadOptions> {
  const hashing = { ...BULKHEADS.hashing, timeout: BULKHEADS.hashing.timeout * patience };
  return { ...BULKHEADS, hashing };
}
