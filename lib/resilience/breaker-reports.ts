import type { BreakerReport } from "./service-breaker.ts";

/** How the breaker of one service stands, in one process. */
export interface ServiceBreakerReport extends BreakerReport {
  readonly service: string;
}

type Source = () => readonly ServiceBreakerReport[];

const sources = new Set<Source>();

/** Lets a source be seen by whoever looks at this process. Answers the way to hide it. */
export function showBreakers(source: Source): () => void {
  sources.add(source);
  return () => sources.delete(source);
}

/** The breakers of this process, by the names of the services that it calls. */
export function breakerReports(): ServiceBreakerReport[] {
  return [...sources].flatMap((source) => source()).sort((a, b) => a.service.localeCompare(b.service));
}
