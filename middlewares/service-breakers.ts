import type { ServiceBroker } from "moleculer";
import { BACKGROUND_TIME, type ServiceBreakerOptions } from "../config/resilience.ts";
import { domainError } from "../contracts/errors.ts";
import { metrics } from "../lib/metrics/metrics.ts";
import { verdictOf } from "../lib/resilience/call-failures.ts";
import { breakerReports, type ServiceBreakerReport } from "../lib/resilience/reports.ts";
import { type BreakerReport, type BreakerState, ServiceBreaker } from "../lib/resilience/service-breaker.ts";
import { type CallableAction, type CallHandler, type CallMiddleware, serviceOf } from "./built-in.ts";

/**
 * One breaker for each service that this process calls, whichever action and node. An open one answers at once. The
 * options are asked for by the name of the service; without any, its calls aren't judged.
 */
export function ServiceBreakers(optionsOf: (service: string) => ServiceBreakerOptions | undefined) {
  return (broker: ServiceBroker): CallMiddleware => {
    const breakers = new Map<string, ServiceBreaker>();
    const logger = broker.getLogger("breakers");
    let hide = (): void => undefined;

    function reports(): ServiceBreakerReport[] {
      return [...breakers].map(([service, breaker]) => ({ service, ...breaker.report }));
    }

    function breakerOf(service: string): ServiceBreaker | undefined {
      const options = optionsOf(service);
      if (!options?.enabled) return undefined;
      const known = breakers.get(service);
      if (known) return known;
      const breaker = new ServiceBreaker(options, (to, before) => tell(service, to, before));
      breakers.set(service, breaker);
      // Moleculer's own tell nothing about the product, as long as they answer.
      if (!service.startsWith("$")) metrics()?.breakerState.set({ service }, STATE_VALUES.CLOSED);
      return breaker;
    }

    function tell(service: string, to: BreakerState, { state: from, ...before }: BreakerReport): void {
      const level = to === "CLOSED" ? "info" : "warn";
      logger[level]({ service, from, to, ...before }, `breaker of ${service}: ${STATE_TEXTS[to]}`);
      metrics()?.breakerState.set({ service }, STATE_VALUES[to]);
      metrics()?.breakerChanges.inc({ service, to: STATE_TEXTS[to] });
    }

    function guard(next: CallHandler, action: CallableAction): CallHandler {
      const service = serviceOf(action);
      const breaker = breakerOf(service);
      if (!breaker) return next;

      return function guarded(ctx) {
        if (!breaker.admits()) {
          metrics()?.breakerRefusals.inc({ service });
          return Promise.reject(refusal(breaker));
        }
        const { era } = breaker;
        const startedAt = performance.now();
        return next(ctx).then(
          (result) => {
            breaker.record(era, judgedTime(startedAt, ctx.options.timeout), false);
            return result;
          },
          (error: unknown) => {
            const verdict = verdictOf(error);
            if (verdict === "UNCOUNTED") breaker.forget(era);
            else breaker.record(era, judgedTime(startedAt, ctx.options.timeout), verdict === "FAILURE");
            throw error;
          },
        );
      };
    }

    return {
      name: "ServiceBreakers",
      localAction: guard,
      remoteAction: guard,
      async starting() {
        hide = breakerReports.show(reports);
        // Each node can be asked by the others.
        broker.createService({ name: "$breakers", actions: { list: reports } });
      },
      async stopped() {
        hide();
        for (const breaker of breakers.values()) breaker.close();
      },
    };
  };
}

const STATE_TEXTS = { CLOSED: "closed", HALF_OPEN: "half-open", OPEN: "open" } as const;
/** For dashboards: the higher, the worse. */
const STATE_VALUES = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 } as const;

/** Milliseconds since the start of a call; none for what may take its time. */
function judgedTime(startedAt: number, timeout: number | null | undefined): number {
  const isBackground = timeout === 0 || (timeout ?? 0) > BACKGROUND_TIME;
  return isBackground ? 0 : performance.now() - startedAt;
}

function refusal(breaker: ServiceBreaker): Error {
  return domainError("SERVICE_UNAVAILABLE", { retryAfter: breaker.retryAfter, reason: "BREAKER_OPEN" });
}
