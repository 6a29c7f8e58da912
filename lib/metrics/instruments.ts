import type { Counter, Gauge, Histogram, Registry } from "prom-client";

/** Seconds; the largest is the longest time a request may take. */
const REQUEST_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const ACTION_BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];
const JOB_BUCKETS = [0.01, 0.1, 1, 10, 60, 600];

/**
 * Every metric of ours. Labels take few values: names of routes, actions, groups, jobs, and kinds. What is the same on
 * each node of a mesh, such as the outbox, is to be asked for with `max`.
 */
export function createInstruments(prom: typeof import("prom-client"), registry: Registry) {
  const registers = [registry];

  function counter<L extends string = never>(name: string, help: string, labelNames: L[] = []): Counter<L> {
    return new prom.Counter({ name, help, labelNames, registers });
  }

  /** Shows nothing until it has a value: 0 would be a statement. */
  function gauge<L extends string = never>(name: string, help: string, labelNames: L[] = []): Gauge<L> {
    const made = new prom.Gauge({ name, help, labelNames, registers });
    forget(made);
    return made;
  }

  function histogram<L extends string>(
    name: string,
    help: string,
    labelNames: L[],
    buckets: number[],
  ): Histogram<L> {
    return new prom.Histogram({ name, help, labelNames, buckets, registers });
  }

  return {
    requestDuration: histogram(
      "dailyfeed_http_request_duration_seconds",
      "Time until an HTTP request was answered, by route pattern and class of the status",
      ["method", "route", "status"],
      REQUEST_BUCKETS,
    ),
    actionDuration: histogram(
      "dailyfeed_action_duration_seconds",
      "Time in the handler of an action that this node ran",
      ["action"],
      ACTION_BUCKETS,
    ),
    actionErrors: counter(
      "dailyfeed_action_errors_total",
      "Actions that threw: refused (the caller's fault, 4xx) or failed (ours)",
      ["action", "kind"],
    ),
    breakerState: gauge(
      "dailyfeed_breaker_state",
      "Breaker of this process for a service it calls: 0 closed, 1 half-open, 2 open",
      ["service"],
    ),
    breakerChanges: counter("dailyfeed_breaker_changes_total", "Changes of a breaker's state", [
      "service",
      "to",
    ]),
    breakerRefusals: counter("dailyfeed_breaker_refused_calls_total", "Calls that an open breaker refused", [
      "service",
    ]),
    callRetries: counter(
      "dailyfeed_call_retries_total",
      "Calls that were repeated after a lost node or a time-out",
      ["service"],
    ),
    callLimitRefusals: counter(
      "dailyfeed_call_limit_refused_calls_total",
      "Calls to other nodes that were over the limit",
      ["service"],
    ),
    bulkheadRefusals: counter(
      "dailyfeed_bulkhead_refused_calls_total",
      "Calls that found the queue of a bulkhead full",
      ["bulkhead"],
    ),
    bulkheadRunning: gauge(
      "dailyfeed_bulkhead_running_calls",
      "Calls at work in a bulkhead of this process",
      ["bulkhead"],
    ),
    bulkheadWaiting: gauge(
      "dailyfeed_bulkhead_waiting_calls",
      "Calls that wait in a bulkhead of this process",
      ["bulkhead"],
    ),
    degradedAnswers: counter(
      "dailyfeed_degraded_answers_total",
      "Answers that were given without what another service could not tell",
      ["action", "without"],
    ),
    outboxWaiting: gauge("dailyfeed_outbox_waiting_events", "Events of the mesh that wait to be sent"),
    outboxAge: gauge(
      "dailyfeed_outbox_oldest_age_seconds",
      "Age of the oldest event that waits to be sent; 0 when none does",
    ),
    eventsPublished: counter("dailyfeed_events_published_total", "Events that the event log has confirmed"),
    publishFailures: counter(
      "dailyfeed_event_publish_failures_total",
      "Attempts to send events that failed and are repeated",
    ),
    eventsParked: counter(
      "dailyfeed_events_parked_total",
      "Events that could not be sent and were put among the dead letters",
      ["category"],
    ),
    consumerLag: gauge(
      "dailyfeed_consumer_lag_events",
      "Events that a consumer group has not read, by family of topics",
      ["group", "family"],
    ),
    eventsConsumed: counter(
      "dailyfeed_events_consumed_total",
      "Events that a consumer group took from the event log and finished",
      ["group"],
    ),
    eventsRepeated: counter(
      "dailyfeed_events_duplicate_total",
      "Events that a consumer group dropped because it had seen them",
      ["group"],
    ),
    deadLetters: gauge(
      "dailyfeed_dead_letters_open",
      "Dead letters that wait for a replay or a decision, by side and category",
      ["side", "category"],
    ),
    jobRuns: counter(
      "dailyfeed_job_runs_total",
      "Runs of a job on this node: done, failed, or elsewhere (another node had it)",
      ["job", "outcome"],
    ),
    jobDuration: histogram(
      "dailyfeed_job_duration_seconds",
      "Time that runs of a job took on this node",
      ["job"],
      JOB_BUCKETS,
    ),
    jobLastSuccess: gauge(
      "dailyfeed_job_last_success_timestamp_seconds",
      "When this node last did a job, in Unix time",
      ["job"],
    ),
    signingKeyAge: gauge("dailyfeed_signing_key_age_seconds", "Age of the key that signs access tokens"),
    keyRotations: counter(
      "dailyfeed_signing_key_rotations_total",
      "Replacements of the signing key by this node",
    ),
    sqlConnections: gauge(
      "dailyfeed_sql_pool_connections",
      "Connections to the SQL server: in_use or idle (none where SQL is embedded)",
      ["state"],
    ),
    sqlWaiting: gauge("dailyfeed_sql_pool_waiting", "Statements that wait for a connection"),
  };
}

export type Instruments = ReturnType<typeof createInstruments>;

/** A gauge that shows nothing any more, with or without labels. */
export function forget(gauge: { reset(): void; remove(labels: object): void }): void {
  gauge.reset();
  gauge.remove({});
}
