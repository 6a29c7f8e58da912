import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { ConfigurationError, readEnvironmentOrThrow } from "./env.ts";
import type { CallsConfig } from "./resilience.ts";
import { SERVICE_NAMES, type ServiceName } from "./services.ts";
import type { Environment } from "./variables.ts";

export { ConfigurationError } from "./env.ts";

/** The validated, frozen configuration of one process. Durations are milliseconds. */
export interface Config {
  readonly mesh: {
    readonly namespace: string;
    readonly nodeId: string;
    readonly transporter: string | undefined;
    readonly services: readonly ServiceName[];
  };
  readonly gateway: {
    readonly host: string;
    readonly port: number;
    readonly cookieSecure: boolean;
    readonly corsOrigins: readonly string[];
    readonly trustedProxyHops: number;
    readonly drainDelay: number;
    /** Requests a minute; 0 = off. */
    readonly rateLimits: {
      readonly general: number;
      readonly login: number;
      readonly signup: number;
      readonly refresh: number;
    };
  };
  readonly calls: CallsConfig;
  readonly metricsPort: number;
  readonly dataDir: string;
  readonly database: DatabaseConfig;
  readonly readReplica: ReadReplicaConfig | undefined;
  readonly documents: DocumentsConfig;
  readonly search: SearchConfig;
  /** Folder of the pictures. */
  readonly imageRoot: string;
  readonly redis: { readonly url: string | undefined; readonly keyPrefix: string };
  readonly events: EventsConfig;
  readonly tokens: {
    readonly accessTtl: number;
    readonly refreshTtl: number;
    readonly keyRotation: number;
    readonly keyGrace: number;
  };
  readonly authProviders: readonly string[];
  readonly jobs: { readonly mode: "schedule" | "off"; readonly timeZone: string };
  readonly log: { readonly level: Environment["LOG_LEVEL"]; readonly format: "text" | "json" };
}

/** How events travel from the service that writes to those that follow. */
export interface EventsConfig {
  /** Kafka's addresses; undefined = the event log is kept in SQL. */
  readonly brokers: readonly string[] | undefined;
  readonly replicationFactor: number;
  readonly acks: "1" | "all";
  readonly publishType: "kafka" | "call";
  readonly outboxKeep: number;
  readonly dedupTtl: number;
  /** The zone of topic dates and of the times in message keys. */
  readonly timeZone: string;
  /** Separates the topics and groups of meshes that share a broker. */
  readonly namespace: string;
}

export type DatabaseConfig =
  | { readonly kind: "sqlite"; readonly file: string }
  | { readonly kind: "mysql"; readonly url: string };

/** A copy of the database that follows it, for the services that mostly read. */
export interface ReadReplicaConfig {
  readonly database: DatabaseConfig;
  /** Milliseconds that it may be behind. */
  readonly lagLimit: number;
}

/** Where activities and dead letters are kept. */
export type DocumentsConfig =
  | { readonly kind: "sql" }
  | { readonly kind: "mongo"; readonly url: string; readonly database: string };

/** Where the search index is kept. */
export type SearchConfig =
  | { readonly kind: "sqlite"; readonly file: string }
  /** `namespace`: separates the collections of meshes that share a server. */
  | { readonly kind: "typesense"; readonly url: string; readonly apiKey: string; readonly namespace: string };

/**
 * The configuration that the process's environment and the file `.env` describe, with these variables instead.
 * What the environment sets wins over the file.
 * @param fallbacks used where neither says anything, in place of the usual defaults
 * @throws ConfigurationError with one line that names the variable
 */
export function loadConfigOrThrow(
  overrides: NodeJS.ProcessEnv = {},
  fallbacks: NodeJS.ProcessEnv = {},
): Config {
  if (existsSync(".env")) process.loadEnvFile(".env");
  return configOrThrow({ ...fallbacks, ...process.env, ...overrides });
}

/** The configuration that an environment describes. */
export function configOrThrow(environment: NodeJS.ProcessEnv): Config {
  const env = readEnvironmentOrThrow(environment);
  if (env.JWT_KEY_GRACE < env.JWT_ACCESS_TTL) {
    throw new ConfigurationError(
      "JWT_KEY_GRACE is shorter than JWT_ACCESS_TTL: expected at least the life of an access token",
    );
  }
  if (env.KAFKA_ACKS === "all" && env.KAFKA_REPLICATION_FACTOR < 2) {
    throw new ConfigurationError(
      `KAFKA_ACKS is "all" with KAFKA_REPLICATION_FACTOR ${env.KAFKA_REPLICATION_FACTOR}: expected at least 2 replicas`,
    );
  }
  const services = servicesOrThrow(env.SERVICES);
  if (services.length === 0 && env.TRANSPORTER === undefined) {
    throw new ConfigurationError("SERVICES is none without TRANSPORTER: expected a mesh to connect to");
  }
  const dataDir = resolve(env.DATA_DIR);
  return deepFreeze<Config>({
    mesh: {
      namespace: env.NAMESPACE,
      nodeId: env.NODE_ID ?? `${hostname()}-${process.pid}`,
      transporter: env.TRANSPORTER,
      services,
    },
    gateway: {
      host: env.HOST,
      port: env.PORT,
      cookieSecure: env.COOKIE_SECURE,
      corsOrigins: env.CORS_ORIGINS,
      trustedProxyHops: env.TRUST_PROXY,
      drainDelay: env.DRAIN_DELAY,
      rateLimits: {
        general: env.RATE_LIMIT,
        login: env.RATE_LIMIT_LOGIN,
        signup: env.RATE_LIMIT_SIGNUP,
        refresh: env.RATE_LIMIT_REFRESH,
      },
    },
    calls: {
      limits: {
        default: env.CALL_LIMIT,
        critical: env.CALL_LIMIT_CRITICAL,
        conservative: env.CALL_LIMIT_CONSERVATIVE,
      },
      patience: env.CALL_PATIENCE,
    },
    // A node that only looks at the mesh has nothing to tell.
    metricsPort: services.length === 0 ? 0 : env.METRICS_PORT,
    dataDir,
    database: env.DATABASE_URL
      ? { kind: "mysql", url: env.DATABASE_URL }
      : { kind: "sqlite", file: join(dataDir, "dailyfeed.sqlite") },
    readReplica: readReplicaOf(env),
    documents: documentsOf(env),
    search: searchOrThrow(env, dataDir),
    imageRoot: env.IMAGE_ROOT ? resolve(env.IMAGE_ROOT) : join(dataDir, "images"),
    redis: { url: env.REDIS_URL, keyPrefix: env.NAMESPACE === "dailyfeed" ? "" : `${env.NAMESPACE}:` },
    events: {
      brokers: env.KAFKA_BROKERS,
      replicationFactor: env.KAFKA_REPLICATION_FACTOR,
      acks: env.KAFKA_ACKS,
      publishType: env.PUBLISH_TYPE,
      outboxKeep: env.OUTBOX_KEEP,
      dedupTtl: env.DEDUP_TTL,
      timeZone: env.EVENT_TIMEZONE,
      namespace: env.NAMESPACE,
    },
    tokens: {
      accessTtl: env.JWT_ACCESS_TTL,
      refreshTtl: env.JWT_REFRESH_TTL,
      keyRotation: env.JWT_KEY_ROTATION,
      keyGrace: env.JWT_KEY_GRACE,
    },
    authProviders: env.AUTH_PROVIDERS,
    jobs: { mode: env.JOBS, timeZone: env.EVENT_TIMEZONE },
    log: { level: env.LOG_LEVEL, format: env.LOG_FORMAT ?? (process.stdout.isTTY ? "text" : "json") },
  });
}

/** Writers are remembered in Redis: see docs/schema.md, "A replica to read from". */
function readReplicaOf(env: Environment): ReadReplicaConfig | undefined {
  if (env.DATABASE_READ_URL === undefined) return undefined;
  for (const needed of ["DATABASE_URL", "REDIS_URL"] as const) {
    if (env[needed] === undefined) {
      throw new ConfigurationError(`DATABASE_READ_URL is set without ${needed}: expected both`);
    }
  }
  return { database: { kind: "mysql", url: env.DATABASE_READ_URL }, lagLimit: env.DATABASE_READ_LAG };
}

/** The database is the one that the URL names, else the namespace's. */
function documentsOf({ MONGO_URL: url, NAMESPACE }: Environment): DocumentsConfig {
  if (url === undefined) return { kind: "sql" };
  const [, named] = /^[^/]+\/\/[^/?]+\/([^?]+)/.exec(url) ?? [];
  return { kind: "mongo", url, database: named ? decodeURIComponent(named) : NAMESPACE };
}

function searchOrThrow(env: Environment, dataDir: string): SearchConfig {
  const { TYPESENSE_URL: url, TYPESENSE_API_KEY: apiKey, NAMESPACE: namespace } = env;
  if (url === undefined) return { kind: "sqlite", file: join(dataDir, "search.sqlite") };
  if (apiKey === undefined) {
    throw new ConfigurationError("TYPESENSE_API_KEY is not set: expected the key of TYPESENSE_URL's server");
  }
  return { kind: "typesense", url, apiKey, namespace };
}

function servicesOrThrow(names: readonly string[]): readonly ServiceName[] {
  if (names.length === 1 && names[0] === "all") return SERVICE_NAMES;
  if (names.length === 1 && names[0] === "none") return [];
  const known: readonly string[] = SERVICE_NAMES;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || names.length === 0) {
    throw new ConfigurationError(
      `SERVICES is ${JSON.stringify(names.join(","))}: expected all, none, or some of ${SERVICE_NAMES.join(", ")}`,
    );
  }
  return SERVICE_NAMES.filter((name) => names.includes(name));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
