import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import sharp from "sharp";

/** A photograph's stand-in: soft shapes with grain, 6 megapixels, about as large as a camera's file. */
export async function photograph(): Promise<Buffer> {
  const [width, height] = [3_000, 2_000];
  const data = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const grain = ((at * 2_654_435_761) >>> 24) / 16;
    data[at * 3] = 128 + 90 * Math.sin(x / 170) + grain;
    data[at * 3 + 1] = 128 + 90 * Math.sin((x + y) / 230) + grain;
    data[at * 3 + 2] = 128 + 90 * Math.cos(y / 190) + grain;
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** Both outputs as sharp's documentation shows it: one input, two clones. */
export async function bareSharp(file: Buffer): Promise<void> {
  const input = sharp(file).autoOrient();
  await Promise.all([
    input
      .clone()
      .resize({ width: 350, height: 350, fit: "inside", withoutEnlargement: true })
      .webp()
      .toBuffer(),
    input.clone().resize({ width: 150, height: 150, fit: "cover" }).webp().toBuffer(),
  ]);
}

/** Sends the same form again and again, made once and by Node's plain client: it shares the processors with the product. */
export async function uploader(
  url: string,
  authorization: string,
  file: Buffer,
): Promise<() => Promise<number>> {
  const form = new FormData();
  form.append("image", new File([new Uint8Array(file)], "photo.jpg"));
  const encoded = new Response(form);
  const body = Buffer.from(await encoded.arrayBuffer());
  const headers = {
    authorization,
    "content-type": encoded.headers.get("content-type") ?? "",
    "content-length": body.length,
  };
  const options = { method: "POST", headers, agent: new Agent({ keepAlive: true }) };
  return async () => {
    const sent = request(`${url}/api/images/upload`, options).end(body);
    // A refusal may come before all is sent; what then becomes of the rest doesn't matter.
    sent.on("error", () => undefined);
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    await once(answer.resume(), "end");
    return answer.statusCode ?? 0;
  };
}

/** Does `work` with so many at once for so long; answers how many were done a second. */
export async function rateOf(
  work: () => Promise<unknown>,
  inFlight: number,
  milliseconds: number,
): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  const lane = async () => {
    while (performance.now() - startedAt < milliseconds) {
      await work();
      done++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (done * 1_000) / (performance.now() - startedAt);
}

/** Starts `work` at a steady rate, however long each takes; answers the times of all, in ms, ascending. */
export async function timesAtRate(
  work: () => Promise<unknown>,
  perSecond: number,
  milliseconds: number,
): Promise<number[]> {
  const startedAt = performance.now();
  const times: number[] = [];
  const running: Promise<void>[] = [];
  for (let count = 0; (count * 1_000) / perSecond < milliseconds; count++) {
    const due = startedAt + (count * 1_000) / perSecond;
    await sleep(Math.max(0, due - performance.now()));
    running.push(work().then(() => void times.push(performance.now() - due)));
  }
  await Promise.all(running);
  return times.sort((a, b) => a - b);
}
