import { execFileSync, spawnSync } from "node:child_process";
import { loadAll } from "js-yaml";
import { describe } from "vitest";

/** An object of a rendered overlay, loosely typed: each test reads the part that it is about. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: a manifest is what another program's schema says
  readonly [field: string]: any;
}

export const GROUPS = ["member", "content", "timeline", "activity", "search", "image", "frontend"] as const;
export const OVERLAYS = ["kind", "production"] as const;

/** `KUSTOMIZE`, else kustomize or kubectl of the PATH; undefined where there is neither. */
const RENDERER = [
  [process.env.KUSTOMIZE ?? "kustomize", "build"],
  ["kubectl", "kustomize"],
].find(([program = "", command = ""]) => spawnSync(program, [command, "--help"]).status === 0);

/** Runs where manifests can be rendered; elsewhere it says so, and is counted as skipped. */
export function describeRendered(name: string, body: () => void): void {
  describe.skipIf(!RENDERER)(name, body);
}
if (!RENDERER) {
  console.warn("KUBERNETES TESTS DID NOT RUN: neither kustomize nor kubectl was found (or set KUSTOMIZE)");
}

const KNOWN = new Map<string, readonly Manifest[]>();

/** Every object that a folder below kubernetes/ renders to. */
export function rendered(folder: string): readonly Manifest[] {
  if (!RENDERER) return [];
  const known = KNOWN.get(folder);
  if (known) return known;
  const [program = "", ...command] = RENDERER;
  const text = execFileSync(program, [...command, `kubernetes/${folder}`], { encoding: "utf8" });
  const manifests = loadAll(text) as Manifest[];
  KNOWN.set(folder, manifests);
  return manifests;
}

export function named(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} of ${kind} ${name}`);
  return found[0];
}
