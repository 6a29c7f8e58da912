import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Options, runScript } from "./terminal/options.ts";
import { killDuringUploads } from "./verify/images/kill-during-uploads.ts";

const USAGE = `usage: npm run verify:images [-- options]
  Uploads pictures to a product of its own, on embedded stores, and kills it at random moments (kill -9). Afterwards
  every picture is shown whole or not at all, each that was confirmed is shown, and the job leaves no orphans.
  --kills N   how often (default: 30)`;

async function main(): Promise<void> {
  const kills = new Options(["kills"], USAGE).integer("kills", 1) ?? 30;
  const folder = mkdtempSync(join(tmpdir(), "verify-images-"));
  try {
    const { figures, differences } = await killDuringUploads(folder, kills, console.log);
    for (const [title, figure] of Object.entries(figures)) console.log(`${title.padEnd(44)} ${figure}`);
    for (const difference of differences.slice(0, 20)) console.log(`! ${difference}`);
    console.log(`${differences.length} differences`);
    if (differences.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await runScript(main);
