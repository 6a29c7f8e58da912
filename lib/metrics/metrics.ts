import type { Gauge, Registry } from "prom-client";
import { createInstruments, forget, type Instruments } from "./instruments.ts";
import { type ReadSource, ScrapeSources } from "./scrape-sources.ts";

/** One value of a gauge, as it was read. */
export interface Reading {
  readonly gauge: { reset(): void; remove(labels: object): void };
  readonly show: () => void;
}

/** A process has one registry, whatever runs in it, since most of what it tells is the process's. */
let opened: { readonly registry: Registry; readonly instruments: Instruments } | undefined;
const sources = new ScrapeSources<Reading>();
/** Gauges that the sources have shown. */
const shown = new Set<Reading["gauge"]>();

/** What is counted in this process; undefined where nobody asks for metrics: then counting costs nothing. */
export function metrics(): Instruments | undefined {
  return opened?.instruments;
}

/** From now on this process counts. To be called before what is to be counted is made. */
export async function openMetrics(): Promise<void> {
  // Only here: a process without metrics doesn't load the library.
  const { default: prom } = await import("prom-client");
  if (opened) return;
  const registry = new prom.Registry();
  prom.collectDefaultMetrics({ register: registry });
  opened = { registry, instruments: createInstruments(prom, registry) };
}

/** Reads gauges when somebody looks, but at most every 10 s. Answers the way to stop. */
export function onScrape(read: (instruments: Instruments) => Promise<readonly Reading[]>): () => void {
  const instruments = metrics();
  if (!instruments) return () => undefined;
  const source: ReadSource<Reading> = () => read(instruments);
  return sources.add(source);
}

/** What a source answers. */
export function reading<L extends string>(
  gauge: Gauge<L>,
  value: number,
  labels?: Readonly<Record<L, string>>,
): Reading {
  return { gauge, show: () => (labels ? gauge.set(labels, value) : gauge.set(value)) };
}

/** Everything, in Prometheus' text format; empty where nothing is counted. */
export async function exposition(): Promise<{ readonly contentType: string; readonly text: string }> {
  if (!opened) return { contentType: "text/plain", text: "" };
  const readings = await sources.read();
  for (const gauge of shown) forget(gauge);
  for (const { gauge, show } of readings) {
    shown.add(gauge);
    show();
  }
  const { registry } = opened;
  return { contentType: registry.contentType, text: await registry.metrics() };
}
