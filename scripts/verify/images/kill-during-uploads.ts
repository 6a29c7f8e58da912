import { execFile } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import sharp from "sharp";
import { childEnvironment } from "../../../config/child-environment.ts";
import { configOrThrow } from "../../../config/index.ts";
import { signUp } from "../../client/member-session.ts";
import { RestClient } from "../../client/rest-client.ts";
import { EMBEDDED, type Product, startProductOrThrow } from "../product.ts";
import { ageFiles, imagesOnDisk, rowsOf, storedFiles } from "./image-evidence.ts";

const UPLOADERS = 4;
/** Milliseconds of uploads before a kill, at least and at most. */
const EARLIEST = 30;
const LATEST = 900;
const MEMBER = {
  email: "kill@example.com",
  password: "Sunny#day1",
  memberName: "Killer",
  handle: "killer",
};

export interface ImageVerdict {
  readonly figures: Readonly<Record<string, number>>;
  readonly differences: readonly string[];
}

/** The whole test, on an empty `dataDir`. */
export async function killDuringUploads(
  dataDir: string,
  kills: number,
  say: (text: string) => void,
): Promise<ImageVerdict> {
  const { imageRoot, database } = configOrThrow({ DATA_DIR: dataDir });
  const differences: string[] = [];
  const confirmed = new Set<string>();
  const looked = new Set<string>();
  const figures: Record<string, number> = { kills, "uploads cut off": 0 };
  const add = (title: string, count: number) => {
    figures[title] = (figures[title] ?? 0) + count;
  };
  let product = await startProductOrThrow(dataDir);
  await signUp(new RestClient({ baseUrl: product.url }), MEMBER);
  const token = await accessToken(product);
  const pictures = await Promise.all([200, 500, 1_000].map(noise));

  for (let round = 1; round <= kills; round++) {
    const { url } = product;
    const state = { isKilled: false };
    const uploading = Array.from({ length: UPLOADERS }, async (_, index) => {
      for (let count = index; !state.isKilled; count++) {
        const id = await upload(url, token, pictures[count % pictures.length] as Buffer);
        if (id) confirmed.add(id);
        else if (state.isKilled) add("uploads cut off", 1);
        else differences.push(`round ${round}: an upload failed before the kill`);
      }
    });
    await sleep(randomInt(EARLIEST, LATEST));
    state.isKilled = true;
    await product.kill();
    await Promise.all(uploading);
    product = await startProductOrThrow(dataDir);
    const known = new Set([...confirmed, ...(await imagesOnDisk(imageRoot))]);
    // Each once after its kill; all again at the end.
    for (const id of known) {
      if (looked.has(id)) continue;
      looked.add(id);
      const fault = await faultOf(product, id, confirmed.has(id));
      if (fault) differences.push(`round ${round}: ${fault}`);
    }
    say(`kill ${round} of ${kills}: ${confirmed.size} confirmed, ${known.size} on the disk`);
  }

  figures["confirmed uploads"] = confirmed.size;
  figures["half-written files before the job"] = (await storedFiles(imageRoot)).filter((name) =>
    name.endsWith(".tmp"),
  ).length;
  figures["images with files before the job"] = (await imagesOnDisk(imageRoot)).size;
  figures["rows before the job"] = (await rowsOf(database)).size;
  await ageFiles(imageRoot);
  await runJob(dataDir);
  const [rows, files] = [await rowsOf(database), await storedFiles(imageRoot)];
  figures["rows after the job"] = rows.size;
  figures["files after the job (two a row)"] = files.length;
  for (const name of files) {
    if (!/^[0-9a-f-]{36}(-thumbnail)?\.webp$/.test(name) || !rows.has(name.slice(0, 36))) {
      differences.push(`the job left ${name}`);
    }
  }
  if (files.length !== 2 * rows.size) differences.push(`${files.length} files for ${rows.size} rows`);
  for (const id of confirmed) if (!rows.has(id)) differences.push(`the confirmed image ${id} has no row`);
  for (const id of rows) {
    const fault = await faultOf(product, id, true);
    if (fault) differences.push(`after the job: ${fault}`);
  }
  await product.stop();
  return { figures, differences };
}

/** A picture that compresses badly, so that it takes a while to write and to read. */
function noise(size: number): Promise<Buffer> {
  const raw = { width: size, height: size, channels: 3 as const };
  return sharp(randomBytes(size * size * 3), { raw })
    .jpeg({ quality: 90 })
    .toBuffer();
}

async function accessToken({ url }: Product): Promise<string> {
  const { email, password } = MEMBER;
  const answer = await fetch(`${url}/api/authentication/login`, {
    method: "POST",
    body: JSON.stringify({ email, password }),
  });
  return answer.headers.get("authorization") ?? "";
}

/** The id; undefined when the product is gone. A full queue is waited out. */
async function upload(url: string, authorization: string, file: Buffer): Promise<string | undefined> {
  const body = new FormData();
  body.append("image", new File([new Uint8Array(file)], "noise.jpg"));
  try {
    const answer = await fetch(`${url}/api/images/upload`, {
      method: "POST",
      body,
      headers: { authorization },
    });
    const { data } = (await answer.json()) as { data?: string };
    return answer.status === 200 ? data : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with how an image is shown. Whole is whole: every pixel can be decoded, in the promised size. */
async function faultOf({ url }: Product, id: string, isConfirmed: boolean): Promise<string | undefined> {
  for (const [query, size] of [
    ["", undefined],
    ["?thumbnail=true", 150],
  ] as const) {
    const answer = await fetch(`${url}/api/images/view/${id}${query}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status === 404 && !isConfirmed) continue;
    if (answer.status !== 200) return `${id}${query} answers ${answer.status}`;
    try {
      const { info } = await sharp(bytes, { failOn: "warning" }).raw().toBuffer({ resolveWithObject: true });
      if (info.width !== (size ?? info.height)) return `${id}${query} is ${info.width} x ${info.height}`;
    } catch (error) {
      return `${id}${query} can't be decoded: ${String(error)}`;
    }
  }
  return undefined;
}

async function runJob(dataDir: string): Promise<void> {
  const env = childEnvironment({ ...EMBEDDED, DATA_DIR: dataDir, METRICS_PORT: "0", LOG_LEVEL: "warn" });
  await promisify(execFile)("npm", ["run", "job", "--", "remove-image-orphans"], { env });
}
