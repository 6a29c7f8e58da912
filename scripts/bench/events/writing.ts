import type { Caller } from "../../../contracts/action.ts";
import { OutboxWriter } from "../../../lib/outbox/outbox-writer.ts";
import type { Database } from "../../../lib/sql/database.ts";
import { sql } from "../../../lib/sql/sql.ts";
import { defineContentModels } from "../../../services/content/content.models.ts";
import { PostRepository } from "../../../services/content/post.repository.ts";
import { median } from "../statistics.ts";
import { alternate, type Findings, ratios, spread } from "./rounds.ts";

/** Of one round. */
const WRITES = 300;
const MOST_RATIO = 1.6;
const AUTHOR: Caller = { id: 1, requestId: "0197f4f2-5a5e-7cc1-9d7b-2f6c0a4f3e10" };

/** Tells nobody. */
class NoOutbox extends OutboxWriter {
  override async append(): Promise<void> {}
}

/**
 * Posts written with their event, against the same posts without: the median time of a write, and the statements and
 * commits that the server has counted.
 */
export async function compareWriting(
  database: Database,
  timeZone: string,
  rounds: number,
): Promise<Findings> {
  const models = defineContentModels(database.sequelize);
  const withOutbox = new PostRepository(database, models, new OutboxWriter(database, { timeZone }));
  const without = new PostRepository(database, models, new NoOutbox(database, { timeZone }));
  const medianTime = async (posts: PostRepository): Promise<number> => {
    const times: number[] = [];
    for (let write = 0; write < WRITES; write++) {
      const startedAt = performance.now();
      await posts.create(AUTHOR, "a title", "오늘 날씨가 정말 좋다! 산책 가자");
      times.push((performance.now() - startedAt) * 1_000);
    }
    return median(times);
  };
  const times = await alternate(rounds, async () => ({
    withOutbox: () => medianTime(withOutbox),
    without: () => medianTime(without),
  }));
  const cost = async (posts: PostRepository): Promise<Cost> => {
    const before = await costsSoFar(database);
    await medianTime(posts);
    const after = await costsSoFar(database);
    return {
      statements: (after.statements - before.statements) / WRITES,
      commits: (after.commits - before.commits) / WRITES,
    };
  };
  const [costWith, costWithout] = [await cost(withOutbox), await cost(without)];

  const ratio = ratios(times.withOutbox, times.without);
  const extra = costWith.statements - costWithout.statements;
  const show = ({ statements, commits }: Cost) => `${statements} statements, ${commits} commit`;
  return {
    figures: [
      `a post with its event: ${median(times.withOutbox).toFixed(0)} us, without: ${median(times.without).toFixed(0)} us; ${spread(ratio)} x as long`,
      `counted by the server: ${show(costWith)}; without: ${show(costWithout)}`,
    ],
    missed: [
      ...(median(ratio) <= MOST_RATIO ? [] : [`a write with its event takes more than ${MOST_RATIO} x`]),
      ...(extra === 1 && costWith.commits === costWithout.commits
        ? []
        : ["an event costs more than one statement"]),
    ],
  };
}

interface Cost {
  /** Those that change something, and the limits of transactions. */
  readonly statements: number;
  readonly commits: number;
}

/** Of the whole server, which has no other clients. */
async function costsSoFar(database: Database): Promise<Cost> {
  const rows = await database.select<{ Variable_name: string; Value: string }>(
    sql`SHOW GLOBAL STATUS WHERE Variable_name IN
        ('Com_begin', 'Com_insert', 'Com_update', 'Com_delete', 'Com_commit', 'Com_rollback')`,
  );
  const counts = rows.map(({ Variable_name, Value }) => [Variable_name, Number(Value)] as const);
  const commits = counts.find(([name]) => name === "Com_commit")?.[1] ?? 0;
  return { statements: counts.reduce((sum, [, count]) => sum + count, 0), commits };
}
