import { readFileSync, writeFileSync } from "node:fs";
import { platform } from "node:os";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forEachConcurrently } from "../../scripts/client/concurrency.ts";
import { type App, startApp } from "../support/app.ts";
import { Client } from "../support/client.ts";
import { bombs, type HostileFile, hostileCorpus } from "./hostile-corpus.ts";

/** Files that mean harm, sent to the product in a process of its own, whose memory is looked at. */

const MEGABYTE = 1_048_576;
/** What the documented answer of a full queue may be, besides what the file deserves. */
const BUSY = 503;

let app: App;
let authorization: string;
let corpus: HostileFile[];

beforeAll(async () => {
  // As `npm start` does.
  app = await startApp({ NODE_OPTIONS: "--max-semi-space-size=8" });
  const client = new Client(app.url);
  authorization = client.as(await client.join()).authorization;
  corpus = await hostileCorpus();
  if (platform() === "linux") console.log(`resident after the start: ${resident("VmRSS").toFixed(0)} MB`);
});
afterAll(() => app.stop());

async function send(bytes: Buffer, name = "image.png") {
  const body = new FormData();
  body.append("image", new File([new Uint8Array(bytes)], name, { type: "image/png" }));
  const startedAt = performance.now();
  const response = await fetch(`${app.url}/api/images/upload`, {
    method: "POST",
    body,
    headers: { authorization },
  });
  const answer = (await response.json()) as { data?: string; code?: string };
  return { status: response.status, ms: performance.now() - startedAt, ...answer };
}

/** Megabytes that the product holds now, or held at most since `forgetPeak`. */
function resident(kind: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${app.process.pid}/status`, "utf8");
  return Number(new RegExp(`${kind}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
}

function forgetPeak(): void {
  writeFileSync(`/proc/${app.process.pid}/clear_refs`, "5");
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

describe("hostile files", () => {
  it("are at least 300, no two alike", () => {
    expect(corpus.length).toBeGreaterThanOrEqual(300);
    expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
  });

  it("are refused with 400, or shown as a clean picture of ours; the product lives on, under 300 MB", {
    timeout: 300_000,
  }, async () => {
    const outcomes: Record<string, number> = {};
    const wrong: string[] = [];
    await forEachConcurrently(corpus, 4, async ({ name, bytes, expected }) => {
      const { status, code, data } = await send(bytes, `../../${name}\0.png`);
      const outcome = `${status} ${code ?? "kept"}`;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (status !== 200 && status !== 400 && status !== BUSY) wrong.push(`${name}: ${outcome}`);
      if (status !== 200) return;
      if (expected === "refused") wrong.push(`${name}: kept`);
      const shown = Buffer.from(await (await fetch(`${app.url}/api/images/view/${data}`)).arrayBuffer());
      const { format, width, height, exif, xmp } = await sharp(shown).metadata();
      if (format !== "webp" || width > 350 || height > 350 || exif || xmp) wrong.push(`${name}: not clean`);
      if (["script", "<?php", "PK\u0005"].some((text) => shown.includes(text)))
        wrong.push(`${name}: carries something`);
    });
    console.log(`${corpus.length} hostile files: ${JSON.stringify(outcomes)}`);
    expect(wrong).toEqual([]);
    expect(app.process.exitCode).toBeNull();
    if (platform() === "linux") {
      console.log(`resident at most ${resident("VmHWM").toFixed(0)} MB`);
      expect(resident("VmHWM")).toBeLessThan(300);
    }
  });

  it("of 11 MB is a 413, many times at once too, under 300 MB", async () => {
    const large = Buffer.alloc(11 * MEGABYTE, "x");
    await forEachConcurrently(Array.from({ length: 12 }), 4, async () => {
      expect(await send(large)).toMatchObject({ status: 413, code: "PAYLOAD_TOO_LARGE" });
    });
    if (platform() === "linux") {
      console.log(`resident at most ${resident("VmHWM").toFixed(0)} MB`);
      expect(resident("VmHWM")).toBeLessThan(300);
    }
  });

  it("that would unpack to very much are refused without decoding", { timeout: 300_000 }, async () => {
    const tiny = await sharp({ create: { width: 1, height: 1, channels: 3, background: "#fff" } })
      .png()
      .toBuffer();
    for (const { name, bytes } of await bombs()) {
      const before = platform() === "linux" ? resident("VmRSS") : 0;
      if (platform() === "linux") forgetPeak();
      // In turns, so that whatever else the machine does meanwhile slows both down.
      const times: number[] = [];
      const harmless: number[] = [];
      for (let round = 0; round < 15; round++) {
        harmless.push((await send(tiny)).ms);
        const { status, ms } = await send(bytes);
        expect([name, status]).toEqual([name, 400]);
        times.push(ms);
      }
      const growth = platform() === "linux" ? resident("VmHWM") - before : 0;
      console.log(
        `${name}: ${bytes.length} bytes, ${median(times).toFixed(1)} ms (1x1 PNG ${median(harmless).toFixed(1)} ms), ${growth.toFixed(1)} MB more`,
      );
      expect([name, median(times) <= 3 * median(harmless)]).toEqual([name, true]);
      expect([name, growth <= 20]).toEqual([name, true]);
    }
  });
});
