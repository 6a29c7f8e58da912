import type { PageRequest } from "../../lib/paging/page-request.ts";
import type { Database } from "../../lib/sql/database.ts";
import { integer, NO_SQL, type Sql, sql } from "../../lib/sql/sql.ts";
import type { DateRange } from "./date-range.ts";
import type { ById, IdRow } from "./page.ts";

/** How many posts a range of dates has, and between which ids they lie. */
export interface RangeExtent {
  readonly total: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Which living posts a page of a list has, newest first: `size + 1` ids by one range of one index,
 * so that a page costs the same whatever the number of posts.
 */
export class PostListRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async listRecent(request: PageRequest<ById>): Promise<IdRow[]> {
    return this.#database.select<IdRow>(
      sql`SELECT id FROM posts${this.#database.byIndex("ix_posts_recent")}
          WHERE is_deleted = 0 ${before(request)} ORDER BY id DESC ${limit(request)}`,
    );
  }

  async listByAuthor(authorId: number, request: PageRequest<ById>): Promise<IdRow[]> {
    return this.#database.select<IdRow>(
      sql`SELECT id FROM posts${this.#database.byIndex("ix_posts_author")}
          WHERE author_id = ${authorId} AND is_deleted = 0 ${before(request)} ORDER BY id DESC ${limit(request)}`,
    );
  }

  /** Counting reads one index entry for each post of the range; finding the ids on the way costs nothing more. */
  async measureRange({ start, end }: DateRange): Promise<RangeExtent> {
    const extent = await this.#database.selectOne<{
      readonly total: number;
      readonly lowest: number | null;
      readonly highest: number | null;
    }>(
      sql`SELECT COUNT(*) AS total, MIN(id) AS lowest, MAX(id) AS highest
          FROM posts${this.#database.byIndex("ix_posts_created")}
          WHERE is_deleted = 0 AND created_at >= ${start} AND created_at <= ${end}`,
    );
    return { total: extent?.total ?? 0, lowest: extent?.lowest ?? 0, highest: extent?.highest ?? 0 };
  }

  /** Between the ids of its extent only few posts, by clocks that differ between nodes, lie outside the range. */
  async listInRange(
    { start, end }: DateRange,
    { lowest, highest }: RangeExtent,
    request: PageRequest<ById>,
  ): Promise<IdRow[]> {
    const below = Math.min(highest + 1, request.after?.[0] ?? Number.MAX_SAFE_INTEGER);
    return this.#database.select<IdRow>(
      sql`SELECT id FROM posts${this.#database.byIndex("ix_posts_recent")}
          WHERE is_deleted = 0 AND id >= ${lowest} AND id < ${below}
            AND created_at >= ${start} AND created_at <= ${end}
          ORDER BY id DESC ${limit(request)}`,
    );
  }
}

function before({ after }: PageRequest<ById>): Sql {
  return after ? sql`AND id < ${after[0]}` : NO_SQL;
}

function limit({ size, offset }: PageRequest<ById>): Sql {
  return sql`LIMIT ${integer(size + 1)} OFFSET ${integer(offset)}`;
}
