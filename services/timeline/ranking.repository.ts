import type { PageRequest } from "../../lib/paging/page-request.ts";
import type { Database } from "../../lib/sql/database.ts";
import { integer, NO_SQL, type Sql, sql, trusted } from "../../lib/sql/sql.ts";
import type { ByRank, Ranking } from "./ranking.ts";

/** A post with what it is ranked by. */
export interface RankedRow {
  readonly id: number;
  readonly value: number;
}

const COLUMNS = {
  popular: { column: trusted("score"), index: "ix_posts_score", eligible: NO_SQL },
  commented: {
    column: trusted("comment_count"),
    index: "ix_posts_commented",
    eligible: sql` AND comment_count >= ${1}`,
  },
};

type Column = (typeof COLUMNS)[Ranking];

/** Which living posts a page of a ranking has: highest value first, then newest; `size + 1` of them. */
export class RankingRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Of all posts there ever were, in the order of the ranking's index.
   * `(value, id) < (?, ?)` reads the whole index on MySQL, and `value <= ? AND (value < ? OR id < ?)` all posts of
   * the same value; so the rest of that value and everything below are two ranges, of one page each.
   */
  async list(ranking: Ranking, { after, size, offset }: PageRequest<ByRank>): Promise<RankedRow[]> {
    const { column, eligible } = COLUMNS[ranking];
    const rows = integer(size + 1);
    if (!after) {
      return this.#database.select<RankedRow>(
        sql`${this.#from(ranking)} WHERE is_deleted = 0${eligible}
            ORDER BY ${column} DESC, id DESC LIMIT ${rows} OFFSET ${integer(offset)}`,
      );
    }
    const [value, id] = after;
    const sameValue = sql`${this.#from(ranking)} WHERE is_deleted = 0${eligible} AND ${column} = ${value} AND id < ${id}
      ORDER BY id DESC LIMIT ${rows}`;
    const lower = sql`${this.#from(ranking)} WHERE is_deleted = 0${eligible} AND ${column} < ${value}
      ORDER BY ${column} DESC, id DESC LIMIT ${rows}`;
    return this.#database.select<RankedRow>(
      sql`SELECT * FROM (${sameValue}) same_value UNION ALL SELECT * FROM (${lower}) lower_values
          ORDER BY value DESC, id DESC LIMIT ${rows}`,
    );
  }

  /**
   * Of the posts created since then (epoch ms). Reads each post of that time once and nothing else: the cost grows
   * with the posts of the window, a month's at most. Sorted by `column + 0`, which is in no index: reading a
   * ranking's index from the top until enough posts of the window turned up could read every post there is.
   */
  async listSince(
    ranking: Ranking,
    since: number,
    { after, size, offset }: PageRequest<ByRank>,
  ): Promise<RankedRow[]> {
    const { column, eligible } = COLUMNS[ranking];
    return this.#database.select<RankedRow>(
      sql`SELECT id, ${column} AS value FROM posts${this.#database.byIndex("ix_posts_created")}
          WHERE is_deleted = 0 AND created_at >= ${since}${eligible} ${after ? below(column, after) : NO_SQL}
          ORDER BY ${column} + 0 DESC, id DESC LIMIT ${integer(size + 1)} OFFSET ${integer(offset)}`,
    );
  }

  #from(ranking: Ranking): Sql {
    const { column, index } = COLUMNS[ranking];
    return sql`SELECT id, ${column} AS value FROM posts${this.#database.byIndex(index)}`;
  }
}

function below(column: Column["column"], [value, id]: ByRank): Sql {
  return sql`AND (${column} < ${value} OR (${column} = ${value} AND id < ${id}))`;
}
