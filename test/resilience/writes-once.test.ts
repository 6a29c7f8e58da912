import { type Middleware, ServiceBroker } from "moleculer";
import { QueryTypes } from "sequelize";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import { BULKHEADS, targetClasses } from "../../config/resilience.ts";
import { TransferableBytes } from "../../contracts/transferable-bytes.ts";
import { callChain } from "../../middlewares/call-chain.ts";
import { brokerOptions } from "../../moleculer.config.ts";
import authService from "../../services/auth/auth.service.ts";
import contentService from "../../services/content/content.service.ts";
import imageService from "../../services/image/image.service.ts";
import memberService from "../../services/member/member.service.ts";
import timelineService from "../../services/timeline/timeline.service.ts";
import { pictureFile } from "../image/pictures.ts";
import { insertMember } from "../support/fixtures.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";

/** The services on one node, and a caller on another that loses every answer after the work was done: rows are counted. */

const PLAIN = { limits: { default: 0, critical: 0, conservative: 0 }, patience: 1 };
/** As the product's, but for shorter times, and without breakers, which so many losses would open. */
const TIMES = { attempt: 3_000, total: 20_000 };
/** Milliseconds: for work whose answer comes, which only a hang may end, and for a write whose answer doesn't. */
const PATIENCE = 30_000;
const IN_VAIN = 1_500;
const CLASSES = new Map(
  [...targetClasses(PLAIN)].map(([name, target]) => {
    return [name, { ...target, times: TIMES, breaker: { ...target.breaker, enabled: false } }];
  }),
);
const QUEUES = { ...BULKHEADS, hashing: { ...BULKHEADS.hashing, timeout: TIMES.attempt } };

const [AUTHOR, READER] = [1, 2];
let far: ServiceUnderTest;
let near: ServiceBroker;
/** Names of the actions that were sent for, in order. */
let sent: string[] = [];
/** What happens to an answer. */
let onAnswer: "arrives" | "is lost" | "is lost with its node" = "arrives";

const wire: Middleware = {
  transporterSend: ((next: (topic: string, data: Buffer, meta: SentMeta) => unknown) =>
    (topic: string, data: Buffer, meta: SentMeta) => {
      const { type, payload } = meta.packet;
      if (type === "REQ") sent.push(String(payload.action));
      return next(topic, data, meta);
    }) as never,
  transporterReceive: ((next: (command: string, data: Buffer) => unknown) =>
    (command: string, data: Buffer) => {
      if (command !== "RES" || onAnswer === "arrives") return next(command, data);
      if (onAnswer === "is lost with its node") loseNode();
      return undefined;
    }) as never,
};
interface SentMeta {
  readonly packet: { readonly type: string; readonly payload: { readonly action?: string } };
}

/** It says farewell, and comes back. */
function loseNode(): void {
  const transit = far.broker.transit as unknown as {
    sendDisconnectPacket(): Promise<void>;
    discoverer: { sendLocalNodeInfo(): Promise<void> };
  };
  void transit.sendDisconnectPacket().then(() => transit.discoverer.sendLocalNodeInfo());
}

beforeAll(async () => {
  far = await startServices(
    { transporter: "Fake" },
    ...[authService, memberService, contentService, imageService, timelineService],
  );
  for (const handle of ["author", "reader"]) await insertMember(far.database, handle);
  const options = brokerOptions(configOrThrow({ NAMESPACE: far.config.mesh.namespace, NODE_ID: "near" }));
  near = new ServiceBroker({
    ...options,
    middlewares: [...(callChain(CLASSES, QUEUES) ?? []), wire],
    circuitBreaker: { enabled: false },
    transporter: "Fake",
    logger: false,
  });
  await near.start();
});
afterAll(async () => {
  await near.stop();
  await far.stop();
});
beforeEach(async () => {
  onAnswer = "arrives";
  await near.waitForServices(["auth", "member", "content", "image", "timeline"]);
});

async function rowsOf(table: string): Promise<number> {
  const [row] = await far.database.sequelize.query<{ count: number }>(
    `SELECT COUNT(*) AS count FROM ${table}`,
    {
      type: QueryTypes.SELECT,
    },
  );
  return Number(row?.count);
}

const post = async () =>
  near.call<{ id: number }, object>("content.createPost", { content: "A post" }, as(AUTHOR));
const as = (memberId: number, timeout = PATIENCE) => ({ meta: { memberId }, timeout });
const email = () => `${crypto.randomUUID()}@example.com`;

/** Every kind of write that makes a row, with what it needs before. */
const WRITES: readonly (readonly [string, string, () => Promise<object>])[] = [
  [
    "auth.signUp",
    "members",
    async () => ({
      email: email(),
      password: "Sunny#day1",
      memberName: "이름",
      handle: `h${crypto.randomUUID().slice(0, 8)}`,
    }),
  ],
  [
    "member.follow",
    "follows",
    async () => ({ memberId: await insertMember(far.database, email().slice(0, 12)) }),
  ],
  ["content.createPost", "posts", async () => ({ content: "Once" })],
  ["content.createComment", "comments", async () => ({ postId: (await post()).id, content: "Once" })],
  [
    "content.createReply",
    "comments",
    async () => {
      const postId = (await post()).id;
      const parent = await near.call<{ id: number }, object>(
        "content.createComment",
        { postId, content: "Above" },
        as(AUTHOR),
      );
      return { postId, parentId: parent.id, content: "Once" };
    },
  ],
  ["content.likePost", "post_likes", async () => ({ id: (await post()).id })],
  ["image.upload", "images", async () => ({ image: new TransferableBytes(await pictureFile("png")) })],
];

const READS = [
  ["member.getSummaries", { memberIds: [AUTHOR] }, 2],
  ["timeline.queryPosts", { ids: [1] }, 2],
  ["content.findExisting", { postIds: [1], commentIds: [] }, 3],
] as const;

describe.each([
  ["is lost", "REQUEST_TIMEOUT"],
  ["is lost with its node", "REQUEST_REJECTED"],
] as const)("when the answer %s after the work was done", (how, type) => {
  it.each(WRITES)("%s leaves one row more in %s, and one event at most", async (action, table, prepare) => {
    const params = await prepare();
    const [rows, events] = [await rowsOf(table), await rowsOf("event_outbox")];
    sent = [];
    onAnswer = how;
    const call = near.call(action, params, as(READER, how === "is lost" ? IN_VAIN : PATIENCE));
    await expect(call).rejects.toMatchObject({ type });
    await vi.waitUntil(async () => (await rowsOf(table)) > rows, { timeout: PATIENCE });
    expect(sent.filter((name) => name === action)).toEqual([action]);
    expect(await rowsOf(table)).toBe(rows + 1);
    expect((await rowsOf("event_outbox")) - events).toBeLessThanOrEqual(1);
  });

  it.each(READS)("%s, which may be repeated, is", async (action, params, attempts) => {
    sent = [];
    onAnswer = how;
    await expect(near.call(action, params, { meta: { memberId: READER } })).rejects.toMatchObject({ type });
    expect(sent).toEqual(Array(attempts).fill(action));
  });
});

it("of the actions that may be repeated, one writes: deleting what is gone leaves the same behind", () => {
  const repeatable = far.broker.services
    .flatMap(({ schema }) => Object.entries(schema.actions ?? {}))
    .filter(([, action]) => (action as { idempotent?: boolean }).idempotent)
    .map(([name]) => name)
    .filter((name) => !/^(view|get|list|query|find|searchable|living|recommend)/.test(name));
  expect(repeatable).toEqual(["deleteOwnImages"]);
});
