import { setTimeout as sleep } from "node:timers/promises";
import type { LoadMember } from "../load/members.ts";
import { type Operation, requestOf } from "../load/operations.ts";

/**
 * Asks a process as fast as it answers, from a process of its own. Its arguments: the address, the operations, a post and
 * a member as JSON. The message `start` begins; `stop` ends and is answered with how many got an answer of 200 or 201.
 */
const LANES = 32;
/** Milliseconds of a lane after a failure. */
const PAUSE = 50;

const [url = "", operations = "", postId = "1", json = "{}"] = process.argv.slice(2);
const member = JSON.parse(json) as LoadMember;
const kinds = operations.split(",") as Operation[];
let isRunning = false;
let answered = 0;
let lanes: Promise<unknown> = Promise.resolve();

async function lane(first: number): Promise<void> {
  for (let turn = first; isRunning; turn++) {
    const { method, path, body } = requestOf(kinds[turn % kinds.length] as Operation, Number(postId), member);
    try {
      const answer = await fetch(`${url}/api${path}`, {
        method,
        headers: { "content-type": "application/json", authorization: `Bearer ${member.accessToken}` },
        body: body ? JSON.stringify(body) : null,
      });
      await answer.arrayBuffer();
      if (answer.ok) answered++;
      else await sleep(PAUSE);
    } catch {
      await sleep(PAUSE);
    }
  }
}

process.on("message", async (command: "start" | "stop") => {
  if (command === "start") {
    isRunning = true;
    answered = 0;
    lanes = Promise.all(Array.from({ length: LANES }, (_, index) => lane(index)));
    return;
  }
  isRunning = false;
  await lanes;
  process.send?.(answered);
});
process.once("disconnect", () => process.exit());
process.send?.("ready");
