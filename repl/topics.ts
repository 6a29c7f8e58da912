import { commandGroup, LONG } from "./command-group.ts";
import { table } from "./table.ts";

interface Lag {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly lag: number;
}

/** The dated topics of the event log. */
export const topics = commandGroup("topics", {
  list: {
    purpose: "the dated topics",
    async run(call) {
      const names = await call<string[]>("batch.listTopics", {}, LONG);
      if (names.length === 0) return "no topics: the embedded log has one once something is sent";
      return table(
        ["date", "topic"],
        names.map((topic) => ({ date: topic.slice(-8), topic })),
      );
    },
  },
  lag: {
    options: { group: { type: "string" } },
    purpose: "what consumer groups have not read, by topic; GROUP is a full name, default all of ours",
    async run(call, { options: { group } }) {
      const lags = await call<Lag[]>("batch.topicLag", group === undefined ? {} : { group }, LONG);
      if (lags.length === 0) return "nothing to read: there are no topics";
      const byTopic = [...Map.groupBy(lags, (row) => `${row.group} ${row.topic}`).values()];
      return table(
        ["group", "topic", "lag", "unread partitions"],
        byTopic.map((rows) => ({
          group: rows[0]?.group,
          topic: rows[0]?.topic,
          lag: rows.reduce((sum, row) => sum + row.lag, 0),
          "unread partitions": rows
            .filter((row) => row.lag > 0)
            .map((row) => `${row.partition}:${row.lag}`)
            .join(" "),
        })),
      );
    },
  },
  create: {
    purpose: "makes yesterday's, today's and tomorrow's topics, where they are missing",
    async run(call) {
      const { created } = await call<{ created: string[] }>("batch.createTopics", {}, LONG);
      return created.length > 0 ? `created ${created.join(", ")}` : "nothing to create: they are there";
    },
  },
  drop: {
    purpose: "drops topics older than a week that every group has read to the end",
    async run(call) {
      const report = await call<{ dropped: string[]; kept: { topic: string; unreadBy: string[] }[] }>(
        "batch.dropTopics",
        {},
        LONG,
      );
      const dropped = report.dropped.length > 0 ? `dropped ${report.dropped.join(", ")}` : "nothing to drop";
      const kept = report.kept.map(
        ({ topic, unreadBy }) => `kept ${topic}: not read by ${unreadBy.join(", ") || "anybody"}`,
      );
      return [dropped, ...kept].join("\n");
    },
  },
});
