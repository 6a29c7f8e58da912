import sharp from "sharp";
import { ImageProcessor } from "../../services/image/image-processor.ts";
import { Options, runScript } from "../terminal/options.ts";
import { bareSharp, photograph, rateOf, timesAtRate, uploader } from "./images/load.ts";
import { makeReader } from "./images/members.ts";
import { startBenchProduct } from "./images/product.ts";
import { median, percentile } from "./statistics.ts";

const USAGE = `usage: npm run bench:images [-- options]
  Pictures a second through the API, against bare sharp making the same two outputs; then the times of a feed without
  and with uploads going on. On DATABASE_URL's server, in a database of its own, else embedded. Fails below 0.8 x bare
  sharp, and where a request failed or a statement waited for a connection of a full pool.
  --rounds N    alternating rounds (default: 7)
  --seconds N   of each measurement (default: 4)`;

/** For throughput enough that no processor waits for a client, or a disk; beside the feed as many as are worked on. */
const IN_FLIGHT = 6;
const BESIDE_FEED = 2;
const FEEDS_A_SECOND = 40;
const LEAST_RATIO = 0.8;

async function main(): Promise<void> {
  const options = new Options(["rounds", "seconds"], USAGE);
  const rounds = options.integer("rounds", 1) ?? 7;
  const time = (options.integer("seconds", 1) ?? 4) * 1_000;
  const product = await startBenchProduct();
  try {
    const authorization = await makeReader(product.url);
    const file = await photograph();
    console.log(`A JPEG of 3000 x 2000, ${(file.length / 1_048_576).toFixed(1)} MB; ${product.store}`);
    const upload = await uploader(product.url, authorization, file);
    const failures = new Map<string, number>();
    const must200 = (what: string, send: () => Promise<number>) => async () => {
      const status = await send();
      if (status !== 200) failures.set(`${what} ${status}`, (failures.get(`${what} ${status}`) ?? 0) + 1);
    };
    const uploads = must200("upload", upload);
    const feed = must200("feed", async () => {
      const answer = await fetch(`${product.url}/api/timeline/posts/followings`, {
        headers: { authorization },
      });
      await answer.arrayBuffer();
      return answer.status;
    });
    const ratio = await throughput(file, uploads, rounds, time);
    await product.poolPeaks();
    await feedTimes(feed, uploads, rounds, time);
    const pool = await product.poolPeaks();
    console.log(`failures: ${failures.size === 0 ? "none" : JSON.stringify(Object.fromEntries(failures))}`);
    console.log(
      pool === null
        ? "statements that waited for a connection: no pool (embedded)"
        : `statements that waited for a connection: ${pool.waiting} of a full pool, ${pool.opening} while one was ` +
            `opened; connections in use: ${pool.inUse} (each at most)`,
    );
    if (ratio < LEAST_RATIO) console.log(`less than ${LEAST_RATIO} x bare sharp`);
    if (ratio < LEAST_RATIO || failures.size > 0 || (pool?.waiting ?? 0) > 0) process.exitCode = 1;
  } finally {
    await product.remove();
  }
}

async function throughput(
  file: Buffer,
  upload: () => Promise<void>,
  rounds: number,
  time: number,
): Promise<number> {
  sharp.cache(false);
  sharp.concurrency(1);
  const processor = new ImageProcessor();
  const rates = { bare: [] as number[], once: [] as number[], api: [] as number[] };
  // Until everything is compiled, and the events of the posts are through.
  await rateOf(upload, IN_FLIGHT, time);
  for (let round = 0; round < rounds; round++) {
    rates.bare.push(await rateOf(() => bareSharp(file), IN_FLIGHT, time));
    rates.once.push(await rateOf(() => processor.renderOrThrow(file), IN_FLIGHT, time));
    rates.api.push(await rateOf(upload, IN_FLIGHT, time));
  }
  const perSecond = (values: readonly number[]) => `${median(values).toFixed(1)}/s`;
  const ratios = rates.api.map((rate, round) => rate / (rates.bare[round] ?? Number.NaN));
  const ratiosOnce = rates.api.map((rate, round) => rate / (rates.once[round] ?? Number.NaN));
  console.log(`bare sharp, two clones: ${perSecond(rates.bare)}; decoding once: ${perSecond(rates.once)}`);
  console.log(
    `API: ${perSecond(rates.api)}, ${median(ratios).toFixed(2)} x bare sharp, ${median(ratiosOnce).toFixed(2)} x decoding once`,
  );
  return median(ratios);
}

async function feedTimes(
  feed: () => Promise<void>,
  upload: () => Promise<void>,
  rounds: number,
  time: number,
): Promise<void> {
  const [quiet, busy]: [number[][], number[][]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    quiet.push(await timesAtRate(feed, FEEDS_A_SECOND, time));
    const [times] = await Promise.all([
      timesAtRate(feed, FEEDS_A_SECOND, time),
      rateOf(upload, BESIDE_FEED, time),
    ]);
    busy.push(times);
  }
  const show = (name: string, runs: readonly number[][]) => {
    const [p50, p99] = [50, 99].map((percent) =>
      median(runs.map((run) => percentile(run, percent))).toFixed(1),
    );
    console.log(
      `feed at ${FEEDS_A_SECOND}/s ${name}: p50 ${p50} ms, p99 ${p99} ms (medians of ${rounds} rounds)`,
    );
  };
  show("alone", quiet);
  show(`with ${BESIDE_FEED} uploads at a time`, busy);
}

await runScript(main);
