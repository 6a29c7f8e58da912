import type { Application } from "./application.ts";
import type { Config } from "./config/index.ts";

/** What a person wants to know after the start: which stores are real, and where things are. */
export function banner(config: Config, { url }: Application): string {
  const { database, readReplica, documents, events, search, redis, mesh, metricsPort, gateway } = config;
  const lines: [string, string][] = [
    ["node", `${mesh.nodeId} (${mesh.services.join(", ") || "no services"})`],
    ["mesh", mesh.transporter ? redacted(mesh.transporter) : "one process"],
  ];
  if (mesh.services.length === 0) return told(lines);
  lines.push(
    ["database", addressOf(database)],
    ...(readReplica ? [["replica", addressOf(readReplica.database)] as [string, string]] : []),
    ["documents", documents.kind === "mongo" ? redacted(documents.url) : "embedded, in the database"],
    ["events", wayOfEvents(events)],
    [
      "search",
      search.kind === "typesense" ? `Typesense, ${redacted(search.url)}` : `embedded, ${search.file}`,
    ],
    ["redis", redis.url ? redacted(redis.url) : "embedded, in this process"],
  );
  if (url) lines.push(["api", `${url}/api`], ["docs", `${url}/docs`]);
  if (metricsPort !== 0) lines.push(["metrics", `http://${gateway.host}:${metricsPort}/metrics`]);
  return told(lines);
}

function told(lines: readonly [name: string, value: string][]): string {
  return ["dailyfeed is ready", ...lines.map(([name, value]) => `  ${name.padEnd(9)} ${value}`)].join("\n");
}

function addressOf(database: Config["database"]): string {
  return database.kind === "mysql" ? redacted(database.url) : `embedded SQLite, ${database.file}`;
}

function wayOfEvents({ publishType, brokers }: Config["events"]): string {
  if (publishType === "call") return "by call to their consumers";
  return brokers ? `Kafka, ${brokers.join(",")}` : "embedded, in the database";
}

/** By hand, because an address of MongoDB may name several hosts, which no URL may. */
function redacted(address: string): string {
  return address.replace(/(\/\/[^:/@]*):[^/]*@/, "$1:***@");
}
