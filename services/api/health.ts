import type { ServiceBroker } from "moleculer";
import { type HealthCheck, type HealthReport, reportHealth } from "../../lib/health/health-check.ts";

/** What the services of this process need from outside. */
export function localHealth(broker: ServiceBroker): Promise<HealthReport> {
  const checks = broker.services.flatMap(
    (service) => (service as { healthChecks?: HealthCheck[] }).healthChecks ?? [],
  );
  return reportHealth(checks);
}

/** The text of a readiness probe: `OK`, with what the process does without for the moment. */
export function readinessText({ degraded }: HealthReport): string {
  return degraded.length > 0 ? `OK (degraded: ${degraded.join(", ")})` : "OK";
}
