import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { UsageWatch } from "../../measure/process-usage.ts";

/** A process to be watched; those of one name count as one. */
export interface Watched {
  readonly name: string;
  readonly pid: number;
}

/** Thousandths of a processor that were used over some milliseconds, largest first: `content 210, db 180; the machine 900 of 2000`. */
export async function processorUse(processes: readonly Watched[], milliseconds: number): Promise<string> {
  const watches = processes.map(({ name, pid }) => ({ name, watch: new UsageWatch(pid) }));
  const before = machineTimes();
  await sleep(milliseconds);
  const uses = new Map<string, number>();
  for (const { name, watch } of watches) uses.set(name, (uses.get(name) ?? 0) + (await watch.end()).cpu);
  const after = machineTimes();
  const share = (after.busy - before.busy) / (after.all - before.all);
  const processors = 1_000 * cpus().length;
  const shown = [...uses].sort(([, one], [, other]) => other - one).map(([name, cpu]) => `${name} ${cpu}`);
  return `${shown.join(", ")}; the machine ${Math.round(share * processors)} of ${processors}`;
}

/** Milliseconds of all processors since the machine started. */
function machineTimes(): { readonly busy: number; readonly all: number } {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const worked = times.user + times.nice + times.sys + times.irq;
    busy += worked;
    all += worked + times.idle;
  }
  return { busy, all };
}
