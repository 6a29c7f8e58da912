import { readFileSync } from "node:fs";
import { CORE_SCHEMA, load, mergeTag } from "js-yaml";
import { describe, expect, it } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import { SERVICE_NAMES } from "../../config/services.ts";
import { VARIABLES } from "../../config/variables.ts";

/** docker-compose.yml and Dockerfile, as far as they can be judged without running them (`npm run verify:compose` does). */

interface ComposeService {
  readonly image: string;
  readonly build?: string;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly volumes?: readonly string[];
}

const text = readFileSync("docker-compose.yml", "utf8");
const { services, volumes } = load(text, { schema: CORE_SCHEMA.withTags(mergeTag) }) as {
  services: Record<string, ComposeService>;
  volumes: Record<string, null>;
};
const all = Object.entries(services);
const nodes = all.filter(([, { image }]) => image.startsWith("dailyfeed:"));
const foreign = all.filter(([, { image }]) => !image.startsWith("dailyfeed:"));
const STORES = ["mysql", "mongo", "redis", "kafka", "typesense"];

/** `${NAME:-default}` as compose puts it in when nothing is set. */
const withDefaults = (value: unknown) => String(value).replace(/\$\{[A-Z_]+:-([^}]*)\}/g, "$1");

describe("docker-compose.yml", () => {
  it("runs every service of the product once, besides the gateway's container", () => {
    const roles = nodes.flatMap(([, { environment }]) => String(environment?.SERVICES).split(","));
    expect(roles.filter((role) => role !== "api").sort()).toEqual(
      SERVICE_NAMES.filter((name) => name !== "api").sort(),
    );
    expect(services.gateway).toMatchObject({ environment: { SERVICES: "api" }, build: "." });
    expect(withDefaults(services.gateway?.ports?.[0])).toBe("3000:3000");
  });

  it.each(nodes)("gives %s a configuration that is one", (_name, { environment = {} }) => {
    expect(Object.keys(environment).filter((name) => !(name in VARIABLES))).toEqual([]);
    const values = Object.entries(environment).map(([name, value]) => [name, withDefaults(value)]);
    const config = configOrThrow(Object.fromEntries(values));
    expect(config.database.kind).toBe("mysql");
    expect(config.documents.kind).toBe("mongo");
    expect(config.events.brokers).toEqual(["kafka:9092"]);
    expect(config.mesh.transporter).toBeDefined();
  });

  it.each(all)("checks the health of %s, and starts it again", (_name, { healthcheck, restart }) => {
    expect(healthcheck?.test[0]).toMatch(/^CMD(-SHELL)?$/);
    expect(restart).toBe("unless-stopped");
  });

  it("starts nodes when all stores are healthy", () => {
    for (const [, { depends_on }] of all.filter(
      ([name]) => name === "stores" || nodes.some(([node]) => node === name),
    )) {
      expect(depends_on).toEqual(
        Object.fromEntries(STORES.map((store) => [store, { condition: "service_healthy" }])),
      );
    }
  });

  it("starts nodes and stores without a profile, tools with one", () => {
    const plain = all.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    expect(plain.sort()).toEqual([...nodes.map(([name]) => name), ...STORES].sort());
    expect(services.stores?.profiles).toEqual(["stores"]);
    expect(services["kafka-ui"]?.profiles).toEqual(["ui"]);
    expect(services["redis-ui"]?.profiles).toEqual(["ui"]);
  });

  it("pins every image", () => {
    for (const [, { image }] of foreign)
      expect(image).toMatch(/^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9]+)?$/);
    const bases = [...readFileSync("Dockerfile", "utf8").matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(bases.length).toBe(3);
    for (const image of bases)
      expect(image).toMatch(/^(node:\d+\.\d+\.\d+-bookworm-slim|debian:\d+\.\d+-slim)$/);
  });

  it("keeps data in named volumes", () => {
    for (const store of STORES) {
      const names = services[store]?.volumes?.map((volume) => volume.split(":")[0] ?? "") ?? [];
      expect(names.length).toBeGreaterThan(0);
      expect(names.filter((name) => !(name in volumes))).toEqual([]);
    }
    expect(services.image?.volumes).toEqual(["images:/data/images"]);
  });

  it("shows stores and tools to this machine alone", () => {
    for (const [, { ports = [] }] of foreign) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it("holds no secret: what is one comes from a variable, and is `development` without", () => {
    const secrets = all.flatMap(([, { environment = {} }]) =>
      Object.entries(environment).filter(
        ([name]) => /PASSWORD$|SECRET|_KEY$|TOKEN/.test(name) && !/RANDOM/.test(name),
      ),
    );
    expect(secrets.length).toBeGreaterThan(0);
    for (const [name, value] of secrets) expect(value).toMatch(new RegExp(`^\\$\\{${name}:-development\\}$`));
    const credentials = [...text.matchAll(/:\/\/[^:/@\s]+:([^@\s]+)@/g)].map(([, password]) => password);
    for (const password of credentials) expect(password).toMatch(/^\$\{[A-Z_]+:-development\}$/);
  });

  it("takes only variables that .env.example lists, with the same defaults", () => {
    const used = new Map(
      [...text.matchAll(/\$\{([A-Z_]+):-([^}]*)\}/g)].map(([, name, value]) => [name, value]),
    );
    const example = readFileSync(".env.example", "utf8");
    for (const [name, value] of used) {
      if (String(name) in VARIABLES) expect(example).toContain(`# ${name}=\n`);
      else expect(example).toContain(`# ${name}=${value}\n`);
    }
  });
});

describe(".env.local.example", () => {
  const values = Object.fromEntries(
    [...readFileSync(".env.local.example", "utf8").matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [
      name,
      value,
    ]),
  ) as Record<string, string>;

  it("is a configuration, of the stores where docker-compose.yml publishes them", () => {
    const config = configOrThrow(values);
    expect(Object.keys(values).filter((name) => !(name in VARIABLES))).toEqual([]);
    const published = STORES.map((store) =>
      withDefaults(services[store]?.ports?.[0]).split(":").slice(0, 2).join(":"),
    );
    const used = Object.values(values).join(" ");
    for (const address of published) expect(used).toContain(address);
    expect(config.mesh.transporter).toBeDefined();
  });
});

describe("Dockerfile", () => {
  const dockerfile = readFileSync("Dockerfile", "utf8");

  it("has production dependencies only, an unprivileged user, a health check and Node as the first process", () => {
    expect(dockerfile).toMatch(/npm ci --omit=dev/);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
    expect(dockerfile).toMatch(/^CMD \["node", .*"main\.ts"\]$/m);
  });

  it("takes in every folder and file that a node's code is in", () => {
    const ignored = readFileSync(".dockerignore", "utf8").split("\n");
    const rooms = [
      "services",
      "mixins",
      "middlewares",
      "config",
      "contracts",
      "lib",
      "migrations",
      "repl",
      "public",
    ];
    const files = [
      "main.ts",
      "application.ts",
      "banner.ts",
      "moleculer.config.ts",
      "package.json",
      "package-lock.json",
    ];
    expect([...rooms, ...files].filter((name) => !ignored.includes(`!${name}`))).toEqual([]);
  });
});
