/**
 * What the failure of a call says: here and nowhere else. Errors of other nodes keep only their code, type, data and
 * `retryable`, so nothing is judged by class.
 */
interface CallFailure {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly nodeID?: unknown;
  readonly data?: { readonly reason?: unknown } | null;
  readonly [TRANSPORTER_AWAY]?: true;
  readonly [STORE_AWAY]?: true;
}

/** Both are this process's own knowledge: on another node the error is a failure like others. */
const TRANSPORTER_AWAY = Symbol("transporter away");
const STORE_AWAY = Symbol("store away");

/** The target wasn't reached, its node was lost or stops, or no answer came. */
const TRANSPORT_TYPES: ReadonlySet<unknown> = new Set([
  "REQUEST_TIMEOUT",
  "REQUEST_REJECTED",
  "SERVICE_NOT_AVAILABLE",
  "BAD_GATEWAY",
]);

/** Moleculer gives these a code of the client's faults. */
const LOST_TYPES: ReadonlySet<unknown> = new Set(["SERVICE_NOT_AVAILABLE", "SERVICE_NOT_FOUND"]);

export type Verdict = "FAILURE" | "ANSWER" | "UNCOUNTED";

/**
 * What an error says about the service that was called: it failed (no answer, a lost node, 5xx, an error of a driver or
 * a bug, which have no status); it answered (4xx); or nothing, when the call was turned away before it was served, or
 * the way to it was away, or the store that this process shares with it: a breaker would only outlast that.
 */
export function verdictOf(error: unknown): Verdict {
  const failure: CallFailure = Object(error);
  const { type, code, data } = failure;
  if (failure[TRANSPORTER_AWAY] || failure[STORE_AWAY]) return "UNCOUNTED";
  if (type === "QUEUE_FULL" || data?.reason === "QUEUE_FULL" || data?.reason === "CALL_LIMIT")
    return "UNCOUNTED";
  const isRefusal = typeof code === "number" && code >= 400 && code < 500 && !LOST_TYPES.has(type);
  return isRefusal ? "ANSWER" : "FAILURE";
}

/** Whether the same call may go better: only where the transport failed or no answer came. */
export function mayGoBetter(error: unknown): boolean {
  return TRANSPORT_TYPES.has((Object(error) as CallFailure).type);
}

/** Whether it is the node that doesn't answer, not the service or the way there. */
export function isNodeFault(error: unknown): boolean {
  const { type, [TRANSPORTER_AWAY]: isAway }: CallFailure = Object(error);
  return !isAway && isUnanswered(error) && type !== "SERVICE_NOT_AVAILABLE";
}

/** Whether a call was lost on its way there or back. Errors that a node has sent name it. */
export function isUnanswered(error: unknown): boolean {
  const { type, nodeID }: CallFailure = Object(error);
  return nodeID === undefined && TRANSPORT_TYPES.has(type);
}

/** Marks the error of a call that failed because the transporter was away. */
export function blameTransporter<T>(error: T): T {
  return Object.assign(Object(error), { [TRANSPORTER_AWAY]: true });
}

/** Marks the error of work that failed at once because this process has no connection to its store. */
export function blameStore<T>(error: T): T {
  return Object.assign(Object(error), { [STORE_AWAY]: true });
}
