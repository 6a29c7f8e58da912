import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** The house rules that a reader relies on, held by a test. */

/** Names that tools and people rely on. */
const FIXED_TOP_LEVEL = [
  ...["services", "mixins", "config", "kubernetes"],
  ...["docker-compose.yml", "moleculer.config.ts", "package.json", "README.md"],
];

/** Packages the design is built on, and so far brought by what is built. */
const REQUIRED_PACKAGES = [
  "moleculer",
  "moleculer-web",
  "moleculer-repl",
  "sequelize",
  "mysql2",
  "ioredis",
  "moleculer-db",
  "moleculer-db-adapter-mongo",
  "jsonwebtoken",
  "kafkajs",
  "typesense",
];

const PRODUCT =
  /^(main|application|banner|moleculer\.config)\.ts$|^(services|mixins|middlewares|config|contracts|lib|migrations|repl)\//;

const sources = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(path))
  .map((path) => {
    const text = readFileSync(path, "utf8");
    const imports = [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((match) => String(match[1]));
    return { path, text, imports };
  });
const product = sources.filter(({ path }) => PRODUCT.test(path) && !path.endsWith(".test.ts"));

function offenders(
  where: (path: string) => boolean,
  what: (source: (typeof sources)[number]) => boolean,
): string[] {
  return product
    .filter(({ path }) => where(path))
    .filter(what)
    .map(({ path }) => path);
}

const imports = (name: RegExp) => (source: (typeof sources)[number]) =>
  source.imports.some((path) => name.test(path));

describe("the house", () => {
  it("has every fixed top-level name", () => {
    expect(FIXED_TOP_LEVEL.filter((name) => !existsSync(name))).toEqual([]);
  });

  it.each(REQUIRED_PACKAGES)("really uses %s", (name) => {
    const users = product.filter(imports(new RegExp(`^${name}($|/)`)));
    expect(users.map(({ path }) => path)).not.toEqual([]);
  });

  it("reads the environment only in config/", () => {
    expect(
      offenders(
        (path) => !path.startsWith("config/"),
        ({ text }) => /process\.env/.test(text),
      ),
    ).toEqual([]);
  });

  it("keeps HTTP in the gateway, but for the port of the metrics", () => {
    const http = imports(/^(node:http|moleculer-web|helmet|cors|cookie)$/);
    expect(offenders((path) => !/^(services\/api|lib\/metrics)\//.test(path), http)).toEqual([]);
  });

  it("keeps the SQL library in lib/sql, repositories, models and migrations", () => {
    const mayUseIt = /^(lib\/sql|migrations)\/|\.(repository|models)\.ts$/;
    const sequelize = imports(/^(sequelize|mysql2)/);
    const values = (source: (typeof sources)[number]) =>
      sequelize(source) && !/import type \{[^}]*\} from "sequelize"/.test(source.text);
    expect(offenders((path) => !mayUseIt.test(path), values)).toEqual([]);
  });

  it("keeps Kafka behind its mixins", () => {
    const kafka = imports(/^kafkajs/);
    expect(offenders((path) => !/^(lib\/kafka\/|mixins\/kafka-)/.test(path), kafka)).toEqual([]);
  });

  it("keeps Typesense behind its index", () => {
    const typesense = imports(/^typesense/);
    expect(offenders((path) => !path.startsWith("lib/search/typesense/"), typesense)).toEqual([]);
  });

  it("has no import between services", () => {
    const crossing = product.filter(({ path, imports: targets }) => {
      const own = /^services\/([^/]+)\//.exec(path)?.[1];
      if (own === undefined) return false;
      return targets.some((target) => {
        const reached = new URL(target, `file:///${path}`).pathname.slice(1);
        const other = target.startsWith(".") ? /^services\/([^/]+)\//.exec(reached)?.[1] : undefined;
        return other !== undefined && other !== own;
      });
    });
    expect(crossing.map(({ path }) => path)).toEqual([]);
  });

  it("has contracts and libraries that know no service", () => {
    const services = imports(/\/services\//);
    expect(offenders((path) => /^(contracts|lib|config|mixins)\//.test(path), services)).toEqual(
      // The table of service names lives in config/services.ts, a file, not the folder of services.
      [],
    );
  });

  it("has no room called common or utils", () => {
    expect(
      sources.map(({ path }) => path).filter((path) => /(^|\/)(common|utils?|helpers?)(\/|\.ts$)/.test(path)),
    ).toEqual([]);
  });

  it("has no file over 300 lines", () => {
    const long = product.filter(({ text }) => text.split("\n").length > 300);
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});
