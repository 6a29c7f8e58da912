/** How often calls that ran at the same time were done, and refused with each error. */
export async function outcomesOf(calls: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(calls)) {
    const key = result.status === "fulfilled" ? "done" : String(result.reason.type ?? result.reason);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
