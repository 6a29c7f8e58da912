import { createServer } from "node:http";

/** Series by name and sorted labels, as in `name{a="1",b="2"}`. */
export type Series = ReadonlyMap<string, number>;

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /^[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"$/;
const NUMBER = /^(?:[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|Inf)|NaN|Nan)$/i;

export interface Exposition {
  readonly series: Series;
  /** By name of the metric. */
  readonly types: ReadonlyMap<string, string>;
  readonly help: ReadonlyMap<string, string>;
}

/** @throws Error at the first line that isn't Prometheus' text format 0.0.4, or stands twice */
export function parseExposition(text: string): Exposition {
  const series = new Map<string, number>();
  const types = new Map<string, string>();
  const help = new Map<string, string>();
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const [, kind, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind) {
      const described = kind === "HELP" ? help : types;
      if (described.has(name)) throw new Error(`twice: ${line}`);
      described.set(name, rest);
      continue;
    }
    const [, sample = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
    const pairs = labels === "" ? [] : labels.split(/,(?=[a-zA-Z_]\w*=")/);
    if (!NUMBER.test(value) || !pairs.every((pair) => LABEL.test(pair)))
      throw new Error(`not a sample: ${line}`);
    if (!types.has(sample) && !types.has(sample.replace(/_(bucket|sum|count)$/, "")))
      throw new Error(`no type: ${line}`);
    const key = pairs.length > 0 ? `${sample}{${pairs.sort().join(",")}}` : sample;
    if (series.has(key)) throw new Error(`twice: ${key}`);
    series.set(key, Number(value.replace("Inf", "Infinity")));
  }
  return { series, types, help };
}

export async function scrape(port: number): Promise<Exposition> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  if (response.status !== 200) throw new Error(`/metrics answered ${response.status}`);
  return parseExposition(await response.text());
}

/** A port below those that systems give away by themselves; METRICS_PORT=0 is off. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}
