/** What may be bound to a statement. Times are epoch milliseconds, truth is 0 or 1. */
export type SqlValue = string | number | null;

/** A piece of SQL with its bound values: `chunks` has one element more than `values`. */
export class Sql {
  readonly chunks: readonly string[];
  readonly values: readonly SqlValue[];

  constructor(chunks: readonly string[], values: readonly SqlValue[]) {
    this.chunks = chunks;
    this.values = values;
  }

  /** The statement with `$1`, `$2`, ... where values are bound. */
  get text(): string {
    return this.chunks.reduce((text, chunk, index) => `${text}$${index}${chunk}`);
  }
}

/**
 * Builds a statement: interpolated values become bound values, interpolated pieces are inserted.
 * Text that comes from outside can thus never become SQL.
 */
export function sql(strings: TemplateStringsArray, ...parts: readonly (SqlValue | Sql)[]): Sql {
  const chunks = [strings[0] ?? ""];
  const values: SqlValue[] = [];
  parts.forEach((part, index) => {
    const following = strings[index + 1] ?? "";
    if (part instanceof Sql) append(chunks, values, part, following);
    else {
      values.push(part);
      chunks.push(following);
    }
  });
  return new Sql(chunks, values);
}

function append(chunks: string[], values: SqlValue[], piece: Sql, following: string): void {
  const [head = "", ...rest] = piece.chunks;
  chunks[chunks.length - 1] += head;
  chunks.push(...rest);
  chunks[chunks.length - 1] += following;
  values.push(...piece.values);
}

/** Nothing; for optional pieces. */
export const NO_SQL = new Sql([""], []);

/** SQL written in the code itself, never from outside: a column name, a direction. */
export function trusted(text: string): Sql {
  return new Sql([text], []);
}

/** A whole number written into the text: MySQL 8 refuses a bound number after LIMIT and OFFSET. */
export function integer(value: number): Sql {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`Not a count: ${value}`);
  return trusted(String(value));
}

export function joinSql(pieces: readonly Sql[], separator: string): Sql {
  const chunks = [""];
  const values: SqlValue[] = [];
  pieces.forEach((piece, index) => {
    append(chunks, values, piece, index < pieces.length - 1 ? separator : "");
  });
  return new Sql(chunks, values);
}

/**
 * `(?, ?, ...)` for IN. The list is padded with its last value to a power of two, so that lists of
 * any length make a handful of distinct statements, which both drivers keep prepared.
 * An empty list becomes `(NULL)`, which matches nothing.
 */
export function inList(values: readonly SqlValue[]): Sql {
  const last = values.at(-1);
  if (last === undefined) return trusted("(NULL)");
  const length = 2 ** Math.ceil(Math.log2(values.length));
  const padded = [...values, ...new Array<SqlValue>(length - values.length).fill(last)];
  return new Sql(["(", ...new Array<string>(length - 1).fill(", "), ")"], padded);
}
