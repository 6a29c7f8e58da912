import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";
import { writeSchemaFile } from "./schema-file.ts";
import { fillServiceWorker } from "./service-worker.ts";

/** Builds the web client into `web/dist`, each text file with its compressed forms beside it. */
const WEB = fileURLToPath(new URL("../../web", import.meta.url));

writeSchemaFile();
await build({ root: WEB, configFile: join(WEB, "vite.config.ts"), logLevel: "error" });

const dist = join(WEB, "dist");
const names = readdirSync(dist, { recursive: true, encoding: "utf8" });
fillServiceWorker(dist, names);
for (const name of names) {
  if (!/\.(js|css|html|svg|webmanifest)$/.test(name)) continue;
  const bytes = readFileSync(join(dist, name));
  const quality = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  };
  writeFileSync(join(dist, `${name}.br`), brotliCompressSync(bytes, quality));
  writeFileSync(join(dist, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}
