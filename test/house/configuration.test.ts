import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConfigurationError, configOrThrow } from "../../config/index.ts";
import { VARIABLES } from "../../config/variables.ts";

/** Wrong values, and what the one line must say. */
const WRONG: readonly [variables: Record<string, string>, line: RegExp][] = [
  [{ PORT: "http" }, /^PORT is "http": expected a port/],
  [{ PORT: "70000" }, /^PORT is "70000"/],
  [{ PORT: "-1" }, /^PORT is "-1"/],
  [{ METRICS_PORT: "x" }, /^METRICS_PORT is "x"/],
  [{ SERVICES: "contents" }, /^SERVICES is "contents": expected all, none, or some of .*content/],
  [{ SERVICES: "," }, /^SERVICES is ""/],
  [{ SERVICES: "none" }, /^SERVICES is none without TRANSPORTER: expected a mesh/],
  [{ NAMESPACE: "a b" }, /^NAMESPACE is "a b"/],
  [{ TRANSPORTER: "redis" }, /^TRANSPORTER is "redis": expected a URL/],
  [
    { DATABASE_URL: "postgres://u:secret@h/db" },
    /^DATABASE_URL is "postgres:\/\/\*\*\*@h\/db": expected a URL such as mysql/,
  ],
  [{ DATABASE_URL: "mysql://u:secret@h" }, /^DATABASE_URL is "mysql:\/\/\*\*\*@h"/],
  [{ DATABASE_READ_URL: "redis://h" }, /^DATABASE_READ_URL is "redis:\/\/h"/],
  [
    { DATABASE_READ_URL: "mysql://u:secret@h/db" },
    /^DATABASE_READ_URL is set without DATABASE_URL: expected both/,
  ],
  [
    { DATABASE_URL: "mysql://h/db", DATABASE_READ_URL: "mysql://u:secret@h/db" },
    /^DATABASE_READ_URL is set without REDIS_URL: expected both/,
  ],
  [{ DATABASE_READ_LAG: "0s" }, /^DATABASE_READ_LAG is "0s"/],
  [{ REDIS_URL: "http://h:6379" }, /^REDIS_URL is "http:\/\/h:6379"/],
  [
    { MONGO_URL: "http://u:secret@h:27017" },
    /^MONGO_URL is "http:\/\/\*\*\*@h:27017": expected a URL such as mongodb/,
  ],
  [{ MONGO_URL: "mongodb://" }, /^MONGO_URL is "mongodb:\/\/"/],
  [{ TYPESENSE_URL: "typesense:8108" }, /^TYPESENSE_URL is "typesense:8108": expected a URL such as http:/],
  [{ TYPESENSE_URL: "http://h:8108" }, /^TYPESENSE_API_KEY is not set: expected the key of TYPESENSE_URL/],
  [
    { TYPESENSE_URL: "http://h:8108", TYPESENSE_API_KEY: "secret\n" },
    /^TYPESENSE_API_KEY is "\*\*\*": expected visible ASCII/,
  ],
  [{ KAFKA_BROKERS: "kafka" }, /^KAFKA_BROKERS is "kafka": expected host:port items/],
  [{ KAFKA_BROKERS: "a:9092,b:99999" }, /^KAFKA_BROKERS is "a:9092,b:99999"/],
  [{ KAFKA_BROKERS: "," }, /^KAFKA_BROKERS is ","/],
  [{ KAFKA_REPLICATION_FACTOR: "0" }, /^KAFKA_REPLICATION_FACTOR is "0": expected a whole number/],
  [{ KAFKA_ACKS: "2" }, /^KAFKA_ACKS is "2": expected 1 or all/],
  [
    { KAFKA_ACKS: "all" },
    /^KAFKA_ACKS is "all" with KAFKA_REPLICATION_FACTOR 1: expected at least 2 replicas/,
  ],
  [{ PUBLISH_TYPE: "http" }, /^PUBLISH_TYPE is "http": expected kafka or call/],
  [{ OUTBOX_KEEP: "1 day" }, /^OUTBOX_KEEP is "1 day": expected a duration/],
  [{ DEDUP_TTL: "0s" }, /^DEDUP_TTL is "0s"/],
  [{ JWT_ACCESS_TTL: "1 hour" }, /^JWT_ACCESS_TTL is "1 hour": expected a duration/],
  [{ JWT_ACCESS_TTL: "0s" }, /^JWT_ACCESS_TTL is "0s"/],
  [{ JWT_KEY_GRACE: "30m" }, /^JWT_KEY_GRACE is shorter than JWT_ACCESS_TTL/],
  [{ AUTH_PROVIDERS: "email,google" }, /^AUTH_PROVIDERS is "email,google"/],
  [{ COOKIE_SECURE: "yes" }, /^COOKIE_SECURE is "yes": expected true or false/],
  [{ CORS_ORIGINS: "example.com" }, /^CORS_ORIGINS is "example.com"/],
  [{ TRUST_PROXY: "true" }, /^TRUST_PROXY is "true": expected a number of hops/],
  [{ RATE_LIMIT: "many" }, /^RATE_LIMIT is "many"/],
  [{ RATE_LIMIT_LOGIN: "1.5" }, /^RATE_LIMIT_LOGIN is "1.5"/],
  [{ EVENT_TIMEZONE: "Seoul" }, /^EVENT_TIMEZONE is "Seoul": expected an IANA time zone/],
  [{ JOBS: "on" }, /^JOBS is "on": expected schedule or off/],
  [{ CALL_LIMIT: "-1" }, /^CALL_LIMIT is "-1"/],
  [{ CALL_PATIENCE: "0" }, /^CALL_PATIENCE is "0": expected a whole number from 1 to 20/],
  [{ LOG_LEVEL: "verbose" }, /^LOG_LEVEL is "verbose"/],
  [{ LOG_FORMAT: "xml" }, /^LOG_FORMAT is "xml"/],
];

describe("configuration", () => {
  it.each(WRONG)("%o is refused in one line that names the variable", (variables, line) => {
    const read = () => configOrThrow(variables);
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(line);
    expect(read).not.toThrow(/\n/);
    expect(read).not.toThrow(/secret/);
  });

  it("works with nothing set, and takes an empty text as not set", () => {
    expect(configOrThrow({})).toEqual(configOrThrow({ PORT: "", DATABASE_URL: "", SERVICES: "" }));
    expect(configOrThrow({}).gateway.port).toBe(3000);
  });

  it("is frozen to the bottom", () => {
    const config = configOrThrow({});
    expect(Object.isFrozen(config.gateway.rateLimits)).toBe(true);
    expect(Object.isFrozen(config.mesh.services)).toBe(true);
  });

  it("reads units", () => {
    const { tokens } = configOrThrow({
      JWT_ACCESS_TTL: "500ms",
      JWT_REFRESH_TTL: "2d",
      JWT_KEY_GRACE: "10m",
    });
    expect(tokens).toMatchObject({ accessTtl: 500, refreshTtl: 172_800_000, keyGrace: 600_000 });
  });

  it("reads brokers, and takes acks of all copies when there are two", () => {
    const { events } = configOrThrow({
      KAFKA_BROKERS: "kafka-1:9092, [::1]:9093",
      KAFKA_REPLICATION_FACTOR: "2",
      KAFKA_ACKS: "all",
      NAMESPACE: "blue",
    });
    expect(events).toEqual({
      brokers: ["kafka-1:9092", "[::1]:9093"],
      replicationFactor: 2,
      acks: "all",
      publishType: "kafka",
      outboxKeep: 86_400_000,
      dedupTtl: 3_600_000,
      timeZone: "Asia/Seoul",
      namespace: "blue",
    });
  });

  it.each([
    ["mongodb://127.0.0.1:27017/", "blue"],
    ["mongodb://user:secret@a:1,b:2/feeds?replicaSet=rs0", "feeds"],
    ["mongodb+srv://cluster.example.com?tls=true", "blue"],
  ])("reads the MongoDB at %s and its database, else the namespace's", (url, database) => {
    const { documents } = configOrThrow({ MONGO_URL: url, NAMESPACE: "blue" });
    expect(documents).toEqual({ kind: "mongo", url, database });
    expect(configOrThrow({}).documents).toEqual({ kind: "sql" });
  });

  it("reads the Typesense, else keeps the search index in DATA_DIR", () => {
    const variables = { TYPESENSE_URL: "https://h:8108/search", TYPESENSE_API_KEY: "k3y", NAMESPACE: "blue" };
    expect(configOrThrow(variables).search).toEqual({
      kind: "typesense",
      url: "https://h:8108/search",
      apiKey: "k3y",
      namespace: "blue",
    });
    expect(configOrThrow({ DATA_DIR: "/d", TYPESENSE_API_KEY: "k3y" }).search).toEqual({
      kind: "sqlite",
      file: "/d/search.sqlite",
    });
  });

  it("lists every variable in the README's table and in .env.example, and no other", () => {
    const names = Object.keys(VARIABLES).sort();
    const readme = [...readFileSync("README.md", "utf8").matchAll(/^\| `([A-Z_]+)` \|/gm)].map(
      (match) => match[1],
    );
    // After the line of dashes come those of docker-compose.yml, which test/house/compose.test.ts looks at.
    const [ours = ""] = readFileSync(".env.example", "utf8").split(/^# ----/m);
    const example = [...ours.matchAll(/^#? ?([A-Z_]+)=/gm)].map((match) => match[1]);
    expect(readme.sort()).toEqual(names);
    expect(example.sort()).toEqual(names);
  });

  it("tells the same defaults in .env.example", () => {
    const example = readFileSync(".env.example", "utf8");
    for (const [name, { fallback }] of Object.entries(VARIABLES)) {
      if (fallback !== null) expect(example).toContain(`# ${name}=${fallback}\n`);
    }
  });
});
