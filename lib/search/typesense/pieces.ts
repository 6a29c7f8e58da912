/** Cuts a list into pieces of a size. */
export function pieces<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}

/** Cuts a list into pieces of a length, measured as JSON; one item may be longer. */
export function piecesByLength<T>(items: readonly T[], length: number): T[][] {
  const cut: T[][] = [];
  let room = 0;
  for (const item of items) {
    const size = JSON.stringify(item).length;
    if (room < size) {
      cut.push([]);
      room = length;
    }
    cut.at(-1)?.push(item);
    room -= size;
  }
  return cut;
}
