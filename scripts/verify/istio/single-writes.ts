import { randomUUID } from "node:crypto";
import { forEachConcurrently } from "../../client/concurrency.ts";
import { type Check, unmet } from "./check.ts";
import { type Sent, shownStatuses } from "./client.ts";
import type { Behaviour } from "./pod.ts";
import type { Stage } from "./stage.ts";
import { clusterOf } from "./stand-ins.ts";

const WRITES = 6;
const GONE_WRITES = 20;

interface Failure {
  readonly behaviour: Behaviour;
  readonly status: number;
  /** Rows that each write leaves. */
  readonly rows: number;
  /** Times that each write reaches a process's place. */
  readonly tries: number;
}

const fail = (status: number, when: "before" | "after"): Behaviour => ({ kind: "fail", status, when });

const FAILURES: Readonly<Record<string, Failure>> = {
  "500 after the effect": { behaviour: fail(500, "after"), status: 500, rows: 1, tries: 1 },
  "502 after the effect": { behaviour: fail(502, "after"), status: 502, rows: 1, tries: 1 },
  "503 after the effect": { behaviour: fail(503, "after"), status: 503, rows: 1, tries: 1 },
  "503 before the effect": { behaviour: fail(503, "before"), status: 503, rows: 0, tries: 1 },
  "an answer that is cut off": { behaviour: { kind: "hold", when: "after" }, status: 504, rows: 1, tries: 1 },
  "no process behind the sidecars": { behaviour: { kind: "refuse" }, status: 503, rows: 0, tries: 0 },
};

/** POSTs that meet a failure are sent once: rows are counted. Only one that surely did not arrive is sent anew. */
export const singleWrites: Check = async ({ stage }) => {
  const figures: Record<string, string> = {};
  const differences: string[] = [];
  for (const [what, expected] of Object.entries(FAILURES)) {
    const pods = await stage.deploy("content", ["v1", "v1"]);
    for (const pod of pods) await pod.behave(expected.behaviour);
    const written = await write(stage, WRITES, WRITES);
    const tries = pods.reduce((sum, { hits }) => sum + hits.writes, 0);
    for (const pod of pods) await pod.recover();
    figures[`${WRITES} POSTs, ${what}`] =
      `${written.statuses}; ${tries} tries, rows ${written.rows.join(" ")}`;
    differences.push(
      ...unmet(
        [written.statuses === `${expected.status} × ${WRITES}`, `${what}: clients saw ${written.statuses}`],
        [tries === expected.tries * WRITES, `${what}: ${WRITES} POSTs were tried ${tries} times`],
        [written.rows.every((rows) => rows === expected.rows), `${what}: rows ${written.rows.join(" ")}`],
      ),
    );
  }
  await stage.deploy("content", ["v1", "v1"], 2);
  const written = await write(stage, GONE_WRITES, 1);
  figures[`${GONE_WRITES} POSTs, two of four pods gone`] =
    `${written.statuses}; sent anew ${written.retries} times, rows ${written.rows.join(" ")}`;
  differences.push(
    ...unmet(
      [written.statuses === `200 × ${GONE_WRITES}`, `pods that are gone: clients saw ${written.statuses}`],
      [written.retries > 0, "pods that are gone: no POST met one"],
      [written.rows.every((rows) => rows === 1), `pods that are gone: rows ${written.rows.join(" ")}`],
    ),
  );
  return { figures, differences };
};

async function write(stage: Stage, count: number, atOnce: number) {
  const { client, envoy, close } = await stage.openGateway(["content"]);
  try {
    const contents = Array.from({ length: count }, () => `once ${randomUUID()}`);
    const token = stage.member.accessToken;
    const sent: Sent[] = [];
    await forEachConcurrently(contents, atOnce, async (content) => {
      sent.push(await client.send("/posts", { method: "POST", token, body: { content } }));
    });
    return {
      statuses: shownStatuses(sent),
      retries: await envoy.statistic(clusterOf("content"), "upstream_rq_retry"),
      rows: await Promise.all(contents.map((content) => stage.product.postsOf(content))),
    };
  } finally {
    await close();
  }
}
