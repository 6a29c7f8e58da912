import { type SearchKind, SearchUnavailableError } from "../search-index.ts";
import { FORMAT, schemaOf } from "./documents.ts";
import { ignoringMissing, MissingCollectionError, NameTakenError } from "./failures.ts";
import { Heartbeats } from "./heartbeats.ts";
import type { TypesenseServer } from "./typesense-server.ts";

export const KINDS: readonly SearchKind[] = ["members", "posts", "comments"];

/** How often a write is repeated because a generation went while it was written to. */
const ATTEMPTS = 5;

/** The version of the first generation, the same whoever makes it. */
const FIRST = 0;

/**
 * A generation is a collection of each kind, of one version; an alias of each kind stands for the one that serves.
 * Who writes looks first which generations there are: a rebuild that begins later reads what is written about.
 */
export class Generations {
  readonly #server: TypesenseServer;
  readonly #namespace: string;
  readonly #heartbeats: Heartbeats;

  constructor(server: TypesenseServer, namespace: string) {
    this.#server = server;
    this.#namespace = namespace;
    this.#heartbeats = new Heartbeats(server, `${namespace}-rebuilds-f${FORMAT}`);
  }

  alias(kind: SearchKind): string {
    return `${this.#namespace}-${kind}-f${FORMAT}`;
  }

  collection(kind: SearchKind, version: number): string {
    return `${this.alias(kind)}-v${version}`;
  }

  /** Makes what is missing. An alias is never taken from a generation that is there. */
  async open(): Promise<void> {
    for (const kind of KINDS) if ((await this.#serving(kind)) === undefined) await this.#serveFirst(kind);
  }

  /** Writes to every generation of a kind; again, where one of them was dropped meanwhile. */
  async writeAll(kind: SearchKind, write: (collection: string) => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const versions = (await this.#versions()).get(kind) ?? [];
      if (versions.length === 0) await this.open();
      const outcomes = await Promise.allSettled(
        versions.map((version) => write(this.collection(kind, version))),
      );
      const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
      const grave = failures.find((failure) => !(failure instanceof MissingCollectionError));
      if (grave) throw grave;
      if (failures.length === 0 && versions.length > 0) return;
      if (attempt === ATTEMPTS) throw new SearchUnavailableError(`collections of ${kind} keep going`);
    }
  }

  /** Makes an empty generation, younger than all others, and drops those that nobody fills any more. */
  async begin(): Promise<number> {
    const known = await this.#versions();
    await this.#dropAbandoned([...new Set([...known.values()].flat())]);
    for (
      let version = Math.max(Date.now(), ...[...known.values()].flat().map((other) => other + 1));
      ;
      version++
    ) {
      try {
        // Before there is anything that another process could take for abandoned.
        await this.#heartbeats.beat(version);
        for (const kind of KINDS) await this.#server.create(schemaOf(kind, this.collection(kind, version)));
        return version;
      } catch (error) {
        if (!(error instanceof NameTakenError)) throw error;
      }
    }
  }

  /** Tells that somebody still fills it. */
  async keepAlive(version: number): Promise<void> {
    await this.#heartbeats.beat(version);
  }

  /**
   * A generation serves from now on, those before it are dropped. One that was begun later stays, and serves in its
   * turn; when that serves already, nothing changes. What was cut short is done by doing it again.
   * @throws Error when the generation was dropped meanwhile
   */
  async activate(version: number): Promise<void> {
    for (const kind of KINDS) {
      const serving = await this.#serving(kind);
      if (serving !== undefined && serving > version) continue;
      const versions = (await this.#versions()).get(kind) ?? [];
      if (!versions.includes(version)) {
        throw new Error("the new generation of the search index was given up meanwhile");
      }
      if (serving !== version) {
        await this.#server.pointAlias(this.alias(kind), this.collection(kind, version));
      }
      for (const older of versions) if (older < version) await this.#drop(kind, older);
    }
    await this.#heartbeats.end(version);
  }

  /** Drops a generation, unless it serves. */
  async abandon(version: number): Promise<void> {
    for (const kind of KINDS) if ((await this.#serving(kind)) !== version) await this.#drop(kind, version);
    await this.#heartbeats.end(version);
  }

  /** Takes everything away. */
  async remove(): Promise<void> {
    for (const kind of KINDS) {
      await ignoringMissing(this.#server.deleteAlias(this.alias(kind)));
      for (const version of (await this.#versions()).get(kind) ?? []) await this.#drop(kind, version);
    }
    await this.#heartbeats.remove();
  }

  async #dropAbandoned(versions: readonly number[]): Promise<void> {
    const alive = await this.#heartbeats.alive();
    for (const kind of KINDS) {
      const serving = await this.#serving(kind);
      // Without one that serves, another process is about to make it.
      if (serving === undefined) continue;
      for (const version of versions) {
        if (version !== serving && version !== FIRST && !alive.has(version)) await this.#drop(kind, version);
      }
    }
  }

  /** Undefined without a generation that serves. */
  async #serving(kind: SearchKind): Promise<number | undefined> {
    try {
      const target = await this.#server.aliasTarget(this.alias(kind));
      const version = this.#versionOf(kind, target);
      return version !== undefined && (await this.#versions()).get(kind)?.includes(version)
        ? version
        : undefined;
    } catch (error) {
      if (error instanceof MissingCollectionError) return undefined;
      throw error;
    }
  }

  async #serveFirst(kind: SearchKind): Promise<void> {
    const first = this.collection(kind, FIRST);
    try {
      await this.#server.create(schemaOf(kind, first));
    } catch (error) {
      if (!(error instanceof NameTakenError)) throw error;
    }
    // Somebody else may have come further meanwhile.
    if ((await this.#serving(kind)) === undefined) await this.#server.pointAlias(this.alias(kind), first);
  }

  /** Which versions there are of each kind. */
  async #versions(): Promise<Map<SearchKind, number[]>> {
    const names = await this.#server.collectionNames();
    const versionsOf = (kind: SearchKind) => names.flatMap((name) => this.#versionOf(kind, name) ?? []);
    return new Map(KINDS.map((kind) => [kind, versionsOf(kind)]));
  }

  #versionOf(kind: SearchKind, name: string): number | undefined {
    const prefix = this.collection(kind, 0).slice(0, -1);
    const digits = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
  }

  async #drop(kind: SearchKind, version: number): Promise<void> {
    await ignoringMissing(this.#server.drop(this.collection(kind, version)));
  }
}
