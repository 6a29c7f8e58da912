/** Checks so many at a time, since each spends most of its time waiting; tells which one failed. */
export async function sideBySide<T>(
  cases: readonly T[],
  atOnce: number,
  nameOf: (each: T) => string,
  check: (each: T) => Promise<void>,
): Promise<void> {
  const waiting = [...cases];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const name = nameOf(next);
      await check(next).catch((error: unknown) => {
        waiting.length = 0;
        throw new Error(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
