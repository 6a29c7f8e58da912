/** What a cell can show. */
export type Cell = string | number | boolean | null | undefined;

/** Columns between which a reader's eye can jump: left-aligned texts, right-aligned numbers. */
export function table<Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, Cell>>[],
): string {
  const isNumeric = columns.map((column) => rows.every((row) => typeof row[column] === "number"));
  const lines = [columns, ...rows.map((row) => columns.map((column) => textOf(row[column])))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((text, index) => {
          const width = widths[index] ?? 0;
          return isNumeric[index] ? text.padStart(width) : text.padEnd(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** One thing, a property a line. */
export function card(properties: Readonly<Record<string, Cell>>): string {
  const width = Math.max(...Object.keys(properties).map((name) => name.length));
  return Object.entries(properties)
    .map(([name, value]) => `${name.padEnd(width)}  ${textOf(value)}`)
    .join("\n");
}

/** How much is left of a text in a table. */
export function shortened(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

function textOf(value: Cell): string {
  if (value === true) return "yes";
  if (value === false) return "no";
  return value === null || value === undefined || value === "" ? "-" : String(value);
}
