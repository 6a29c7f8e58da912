import { parseDuration } from "./units.ts";
import {
  apiKey,
  boolean,
  brokers,
  databaseUrl,
  integerBetween,
  list,
  mongoUrl,
  nonEmpty,
  oneOf,
  origins,
  positiveDuration,
  timeZone,
  urlWith,
} from "./variable-kinds.ts";

/** One environment variable: how its text becomes a value. `parse` returns undefined for text it can't take. */
export interface Variable<T> {
  readonly parse: (text: string) => T | undefined;
  /** Text used when the variable is not set; null = the value is then undefined. */
  readonly fallback: string | null;
  /** What a right value looks like; the end of the sentence "expected ...". */
  readonly expected: string;
  readonly meaning: string;
}

type Required<T> = Variable<T> & { readonly fallback: string };
type Optional<T> = Variable<T> & { readonly fallback: null };

function withDefault<T>(
  fallback: string,
  expected: string,
  meaning: string,
  parse: (text: string) => T | undefined,
): Required<T> {
  return { parse, fallback, expected, meaning };
}

function optional<T>(expected: string, meaning: string, parse: (text: string) => T | undefined): Optional<T> {
  return { parse, fallback: null, expected, meaning };
}

const DURATION = "a duration such as 500ms, 20s, 10m, 1h or 30d";
const RATE = "a whole number from 0 (off) to 1000000";
const BROKERS = "host:port items separated by commas";
const MYSQL_URL = "a URL such as mysql://user:password@host:3306/database";

/** Every variable dailyfeed reads. README.md and .env.example list exactly these (a test compares them). */
export const VARIABLES = {
  PORT: withDefault(
    "3000",
    "a port from 0 to 65535",
    "Port of the gateway; 0 takes any free port",
    integerBetween(0, 65_535),
  ),
  HOST: withDefault("127.0.0.1", "an address to listen on", "Address of the gateway", nonEmpty),
  METRICS_PORT: withDefault(
    "3030",
    "a port from 0 to 65535",
    "Port of the Prometheus metrics; 0 = off",
    integerBetween(0, 65_535),
  ),
  DATA_DIR: withDefault("./data", "a folder", "Everything embedded; made when missing", nonEmpty),
  SERVICES: withDefault(
    "all",
    "all, none, or service names separated by commas",
    "Roles of this process; none = only a part of the mesh",
    list,
  ),
  NODE_ID: optional("a name", "Name of this node in the mesh; default host name and process id", nonEmpty),
  NAMESPACE: withDefault(
    "dailyfeed",
    "letters, digits, - and _",
    "Separates meshes, Redis keys and topics that share servers",
    (text) => (/^[A-Za-z0-9_-]{1,40}$/.test(text) ? text : undefined),
  ),
  TRANSPORTER: optional(
    "a URL such as redis://host:6379",
    "Transporter of the mesh; none = one process",
    urlWith("redis", "rediss", "nats", "tcp", "mqtt", "amqp"),
  ),
  DATABASE_URL: optional(MYSQL_URL, "MySQL or MariaDB; not set = SQLite in DATA_DIR", databaseUrl),
  DATABASE_READ_URL: optional(
    MYSQL_URL,
    "A read-only replica of it, for the timeline; needs REDIS_URL; not set = everything is read from DATABASE_URL",
    databaseUrl,
  ),
  DATABASE_READ_LAG: withDefault(
    "5s",
    DURATION,
    "A replica that is further behind is not read",
    positiveDuration,
  ),
  REDIS_URL: optional(
    "a URL such as redis://host:6379/0",
    "Redis or Valkey; not set = in the process",
    urlWith("redis", "rediss"),
  ),
  MONGO_URL: optional(
    "a URL such as mongodb://host:27017/dailyfeed",
    "MongoDB; not set = documents are kept in SQL",
    mongoUrl,
  ),
  TYPESENSE_URL: optional(
    "a URL such as http://host:8108",
    "Typesense; not set = the search index is kept in DATA_DIR",
    urlWith("http", "https"),
  ),
  TYPESENSE_API_KEY: optional(
    "visible ASCII characters",
    "Key of Typesense; needed with TYPESENSE_URL",
    apiKey,
  ),
  IMAGE_ROOT: optional(
    "a folder",
    "Folder of the pictures, shared by all image processes; not set = in DATA_DIR",
    nonEmpty,
  ),
  KAFKA_BROKERS: optional(BROKERS, "Kafka; not set = the event log is kept in SQL", brokers),
  KAFKA_REPLICATION_FACTOR: withDefault(
    "1",
    "a whole number from 1 to 9",
    "Copies of each topic; 2 or more in a cluster",
    integerBetween(1, 9),
  ),
  KAFKA_ACKS: withDefault(
    "1",
    "1 or all",
    "Who confirms an event: its leader, or all in-sync copies (at least two)",
    oneOf("1", "all"),
  ),
  PUBLISH_TYPE: withDefault(
    "kafka",
    "kafka or call",
    "Events go through the event log (Kafka or embedded), or by a call to the consumer's action",
    oneOf("kafka", "call"),
  ),
  OUTBOX_KEEP: withDefault("24h", DURATION, "How long sent events can be published again", positiveDuration),
  DEDUP_TTL: withDefault(
    "1h",
    DURATION,
    "How long the filter of repeated events remembers one",
    positiveDuration,
  ),
  JWT_ACCESS_TTL: withDefault("1h", DURATION, "Life of an access token", positiveDuration),
  JWT_REFRESH_TTL: withDefault("30d", DURATION, "Life of a refresh token", positiveDuration),
  JWT_KEY_ROTATION: withDefault("1h", DURATION, "Age at which the signing key is replaced", positiveDuration),
  JWT_KEY_GRACE: withDefault(
    "2h",
    DURATION,
    "How long a replaced key still verifies; at least JWT_ACCESS_TTL",
    positiveDuration,
  ),
  AUTH_PROVIDERS: withDefault(
    "email",
    "a list of log-in providers (known: email)",
    "Log-in providers",
    (text) => {
      const items = list(text);
      return items.length > 0 && items.every((item) => item === "email") ? items : undefined;
    },
  ),
  COOKIE_SECURE: withDefault("true", "true or false", "Secure flag of the refresh cookie", boolean),
  CORS_ORIGINS: withDefault(
    "",
    "a list of origins such as https://app.example.com",
    "Origins that browsers may call from",
    origins,
  ),
  TRUST_PROXY: withDefault(
    "0",
    "a number of hops from 0 to 10",
    "Proxies in front whose X-Forwarded-For is believed",
    integerBetween(0, 10),
  ),
  DRAIN_DELAY: withDefault(
    "1s",
    DURATION,
    "How long a stopping process goes on serving, not ready any more, before it refuses",
    parseDuration,
  ),
  RATE_LIMIT: withDefault(
    "1200",
    RATE,
    "Requests a minute of one member, else of one address; 0 = off",
    integerBetween(0, 1_000_000),
  ),
  RATE_LIMIT_LOGIN: withDefault(
    "20",
    RATE,
    "Log-ins a minute of one e-mail and address; 0 = off",
    integerBetween(0, 1_000_000),
  ),
  RATE_LIMIT_SIGNUP: withDefault(
    "60",
    RATE,
    "Sign-ups a minute of one address; 0 = off",
    integerBetween(0, 1_000_000),
  ),
  RATE_LIMIT_REFRESH: withDefault(
    "60",
    RATE,
    "Refreshes a minute of one session, or of one address with unknown tokens; 0 = off",
    integerBetween(0, 1_000_000),
  ),
  CALL_LIMIT: withDefault(
    "100",
    RATE,
    "Calls a second that a process sends to content, activity, search or batch, each; 0 = off",
    integerBetween(0, 1_000_000),
  ),
  CALL_LIMIT_CRITICAL: withDefault(
    "200",
    RATE,
    "The same to auth, member or timeline",
    integerBetween(0, 1_000_000),
  ),
  CALL_LIMIT_CONSERVATIVE: withDefault("50", RATE, "The same to image", integerBetween(0, 1_000_000)),
  CALL_PATIENCE: withDefault(
    "1",
    "a whole number from 1 to 20",
    "Factor of the times that calls between services may take, for slow machines",
    integerBetween(1, 20),
  ),
  EVENT_TIMEZONE: withDefault(
    "Asia/Seoul",
    "an IANA time zone",
    "Zone of topic dates, event keys and job schedules",
    timeZone,
  ),
  JOBS: withDefault(
    "schedule",
    "schedule or off",
    "Whether this process runs the scheduled jobs",
    oneOf("schedule", "off"),
  ),
  LOG_LEVEL: withDefault(
    "info",
    "fatal, error, warn, info, debug or trace",
    "Least level that is logged",
    oneOf("fatal", "error", "warn", "info", "debug", "trace"),
  ),
  LOG_FORMAT: optional(
    "text or json",
    "Log format; default text at a terminal, else json",
    oneOf("text", "json"),
  ),
} as const;

export type VariableName = keyof typeof VARIABLES;

type ValueOf<V> = V extends { parse: (text: string) => infer T; fallback: infer F }
  ? F extends string
    ? Exclude<T, undefined>
    : T | undefined
  : never;

export type Environment = { readonly [Name in VariableName]: ValueOf<(typeof VARIABLES)[Name]> };
