import { setTimeout as sleep } from "node:timers/promises";
import { photograph, uploader } from "../../bench/images/load.ts";

/**
 * Uploads or logs in, 200 at once, in a process of its own, so that the clock of whoever measures something else isn't
 * disturbed. Its arguments: the kind, the address, the uploader's Authorization, the members who log in. Each message is
 * the milliseconds of a wave, and is answered with the statuses and how often they came.
 */
const PARALLEL = 200;

const [kind, url = "", authorization = "", members = "1"] = process.argv.slice(2);

const send = kind === "uploads" ? await uploader(url, authorization, await photograph()) : logIn();

process.on("message", async (milliseconds: number) => {
  const answers: Record<string, number> = {};
  /** As clients should: whoever is turned away comes again after a second. */
  const once = async () => {
    const status = await send();
    answers[status] = (answers[status] ?? 0) + 1;
    if (status === 503) await sleep(1_000);
  };
  const end = performance.now() + milliseconds;
  const lane = async () => {
    do await once();
    while (performance.now() < end);
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
  process.send?.(answers);
});
process.once("disconnect", () => process.exit());
process.send?.("ready");

function logIn(): () => Promise<number> {
  let next = 0;
  return async () => {
    const email = `author${1 + (next++ % Number(members))}@example.com`;
    const body = JSON.stringify({ email, password: "Sunny#day1" });
    const answer = await fetch(`${url}/api/authentication/login`, { method: "POST", body });
    await answer.arrayBuffer();
    return answer.status;
  };
}
