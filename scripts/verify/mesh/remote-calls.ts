import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { Mesh } from "../events/mesh.ts";
import type { Verdict } from "../events/verdict.ts";
import { joinMembers } from "../load/members.ts";
import { processOf, startGroups } from "./groups.ts";
import type { MeshScenario } from "./scenario.ts";

/** What goes over the transporter belongs to a request within this time after its answer. */
const AFTERMATH_MS = 500;

/** Which calls leave the process that a request came to: read off the transporter itself, by the request's id. */
export const remoteCalls: MeshScenario = async ({ servers, say }) => {
  const mesh = await Mesh.create(servers, "trace");
  const wire = new Redis(servers.redisUrl);
  try {
    const processes = await startGroups(mesh);
    const [member] = await joinMembers(processOf(processes, "member").url, 3);
    if (!member) throw new Error("nobody joined");
    const sent: { requestID: string; action: string }[] = [];
    wire.on("pmessageBuffer", (_pattern, _channel, message: Buffer) => {
      sent.push(JSON.parse(message.toString()) as { requestID: string; action: string });
    });
    await wire.psubscribe(`MOL-${mesh.environment.NAMESPACE}.REQ.*`);
    const trace = async (url: string, method: string, path: string, body?: object) => {
      const id = randomUUID();
      const headers = { authorization: `Bearer ${member.accessToken}`, "x-request-id": id };
      const response = await fetch(`${url}/api${path}`, {
        method,
        headers,
        body: body ? JSON.stringify(body) : null,
      });
      const { data } = (await response.json()) as { data: { id: number } };
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
      await sleep(AFTERMATH_MS);
      return { data, calls: sent.filter(({ requestID }) => requestID === id).map(({ action }) => action) };
    };
    const [content, timeline] = [processOf(processes, "content").url, processOf(processes, "timeline").url];
    const post = await trace(content, "POST", "/posts", { content: "traced" });
    const comment = await trace(content, "POST", "/comments", { postId: post.data.id, content: "traced" });
    const feed = await trace(timeline, "GET", "/timeline/posts/followings");
    const elsewhere = await trace(content, "GET", "/timeline/posts/followings");
    const shown = (calls: readonly string[]) =>
      `${calls.length}${calls.length > 0 ? ` (${calls.join(", ")})` : ""}`;
    say("traced");
    await mesh.stopOrThrow();
    return {
      figures: {
        "remote calls of a feed, timeline's process": shown(feed.calls),
        "remote calls of a comment, content's process": shown(comment.calls),
        "remote calls of a post, content's process": shown(post.calls),
        "remote calls of a feed, content's process": shown(elsewhere.calls),
      },
      differences: [
        ...(feed.calls.length === 0 ? [] : ["a feed request leaves the timeline's process"]),
        ...(comment.calls.length <= 1 ? [] : ["a comment needs more than one remote call"]),
        // Else nothing was looked at.
        ...(elsewhere.calls.length > 0 ? [] : ["the trace shows no call at all"]),
      ],
    } satisfies Verdict;
  } finally {
    wire.disconnect();
    await mesh.remove();
  }
};
