import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";

const WORKER = "service-worker.js";

/** Tells the service worker in a folder which of the built files to keep, and which version they are. */
export function fillServiceWorker(folder: string, names: readonly string[]): void {
  const kept = names
    .filter((name) => /\.(js|css|html|svg|webmanifest)$/.test(name) && name !== WORKER)
    .sort();
  const version = createHash("sha256");
  for (const name of kept) version.update(name).update(readFileSync(join(folder, name)));
  const paths = kept.map((name) => (name === "index.html" ? "/" : `/${name.replaceAll(sep, "/")}`));
  const file = join(folder, WORKER);
  const text = replaceOrThrow(
    readFileSync(file, "utf8"),
    'FILES = ["/"]',
    `FILES = ${JSON.stringify(paths)}`,
  );
  const digest = version.digest("base64url").slice(0, 16);
  writeFileSync(file, replaceOrThrow(text, 'VERSION = "development"', `VERSION = "${digest}"`));
}

function replaceOrThrow(text: string, part: string, by: string): string {
  if (!text.includes(part)) throw new Error(`${WORKER} has no ${part}`);
  return text.replace(part, () => by);
}
