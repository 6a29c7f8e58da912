import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseConfig } from "../../../config/index.ts";
import { Database } from "../../../lib/sql/database.ts";
import { sql } from "../../../lib/sql/sql.ts";

/** Longer than the job leaves young files alone, in ms. */
const TWO_HOURS = 7_200_000;

/** The names of all files under IMAGE_ROOT. */
export async function storedFiles(imageRoot: string): Promise<string[]> {
  const entries = await readdir(imageRoot, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** The ids of all images of which there is a file, whole or not. */
export async function imagesOnDisk(imageRoot: string): Promise<Set<string>> {
  return new Set((await storedFiles(imageRoot)).map((name) => name.slice(0, 36)));
}

/** Makes all files as old as what the job may remove. */
export async function ageFiles(imageRoot: string): Promise<void> {
  const then = new Date(Date.now() - TWO_HOURS);
  const entries = await readdir(imageRoot, { recursive: true, withFileTypes: true });
  for (const entry of entries)
    if (entry.isFile()) await utimes(join(entry.parentPath, entry.name), then, then);
}

export async function rowsOf(config: DatabaseConfig): Promise<Set<string>> {
  const database = new Database(config);
  try {
    const rows = await database.select<{ id: string }>(sql`SELECT id FROM images`);
    return new Set(rows.map(({ id }) => id));
  } finally {
    await database.close();
  }
}
