import { setTimeout } from "node:timers/promises";
import { configOrThrow } from "../../config/index.ts";
import { EmbeddedLog } from "../../lib/event-log/embedded-log.ts";
import { LeaseStore } from "../../lib/leases/lease-store.ts";
import { OutboxPublisher } from "../../lib/outbox/outbox-publisher.ts";
import { OutboxWriter } from "../../lib/outbox/outbox-writer.ts";
import { Database } from "../../lib/sql/database.ts";
import { sql } from "../../lib/sql/sql.ts";

/**
 * Child of the event tests, to be killed. `argv`: the role and the environment that names the store.
 * `write`: adds to the posts' view counts, each step with an event that tells the number, publishes, and prints a line
 * for every commit. `read`: follows the log, prints what it was given, and is never done with it.
 */
const [role = "", environment = "{}"] = process.argv.slice(2);
const config = configOrThrow(JSON.parse(environment) as Record<string, string>);
const { namespace, timeZone } = config.events;
const database = new Database(config.database);
const logger = { debug: () => undefined, info: () => undefined, warn: console.error, error: console.error };
const leaseTtlMs = 500;
const node = `child-${process.pid}`;
const log = new EmbeddedLog({ database, namespace, timeZone, node, logger, leaseTtlMs });

const POSTS = 8;
const PAUSE = 4;

if (role === "write") {
  const publisher = new OutboxPublisher({
    database,
    leases: new LeaseStore(database),
    log,
    park: () => Promise.reject(new Error("nothing should be parked")),
    logger,
    node,
    namespace,
    timeZone,
    keepMs: config.events.outboxKeep,
    leaseTtlMs,
  });
  const writer = new OutboxWriter(database, {
    timeZone,
    onCommit: (partitions) => publisher.nudge(partitions),
  });
  let isStopping = false;
  publisher.start();
  process.once("SIGTERM", async () => {
    isStopping = true;
    await Promise.all(writers);
    await publisher.stop();
    await database.close();
  });

  const write = async () => {
    while (!isStopping) {
      const postId = 1 + Math.floor(Math.random() * POSTS);
      await database.transaction(async (transaction) => {
        await database.execute(sql`UPDATE posts SET view_count = view_count + 1 WHERE id = ${postId}`, {
          transaction,
        });
        const post = await database.selectOne<{ n: number }>(
          sql`SELECT view_count AS n FROM posts WHERE id = ${postId}`,
          { transaction },
        );
        const event = {
          type: "POST_UPDATE",
          memberId: process.pid,
          postId,
          commentId: post?.n ?? 0,
        } as const;
        await writer.append([{ ...event, at: Date.now() }], { transaction });
      });
      console.log("committed");
      await setTimeout(PAUSE);
    }
  };
  const writers = [write(), write()];
} else {
  await log.subscribe({
    group: "group",
    families: ["member-activity"],
    handler: async (batch) => {
      for (const { partition, offset } of batch) console.log(`effect ${partition}/${offset}`);
      await new Promise(() => undefined);
    },
  });
}
