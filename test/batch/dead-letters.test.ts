import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dateIn } from "../../config/topics.ts";
import type { DeadLetterRepository } from "../../lib/documents/dead-letter.ts";
import { highlights, searchIndex } from "../../lib/search/engine.ts";
import { sql } from "../../lib/sql/sql.ts";
import type { DocumentsMembers } from "../../mixins/documents.mixin.ts";
import activityService from "../../services/activity/activity.service.ts";
import authService from "../../services/auth/auth.service.ts";
import batchService from "../../services/batch/batch.service.ts";
import contentService from "../../services/content/content.service.ts";
import imageService from "../../services/image/image.service.ts";
import memberService from "../../services/member/member.service.ts";
import searchService from "../../services/search/search.service.ts";
import { insertMember } from "../support/fixtures.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";

let app: ServiceUnderTest;
let letters: DeadLetterRepository;
let memberId: number;
/** The day of whose topic the events are. */
let day: string;

beforeAll(async () => {
  app = await startServices(
    { publishing: "on" },
    authService,
    memberService,
    contentService,
    activityService,
    imageService,
    (config) => searchService(config, { makeIndex: searchIndex, highlights }),
    batchService,
  );
  const batch = app.broker.services.find(({ name }) => name === "batch") as unknown as DocumentsMembers;
  letters = batch.deadLetters;
  memberId = await insertMember(app.database, "letters");
});
afterAll(async () => {
  await app.stop();
});

function event(postId: number) {
  const at = new Date().toISOString();
  return {
    ...{ eventId: randomUUID(), memberId, postId, commentId: null, memberActivityType: "POST_READ" },
    ...{ createdAt: at, updatedAt: at },
  };
}

const keyOf = (postId: number) => `member_activity:kafka_event:POST_READ###${postId}###${memberId}###t`;

async function recorded(postId: number): Promise<number> {
  const { content } = await app.call<{ content: { postId: number }[] }>(
    "activity.listOwnActivities",
    { size: 100 },
    memberId,
  );
  return content.filter((row) => row.postId === postId).length;
}

describe("dead letters", () => {
  test("of the listener are applied again once the cause is gone, and only once", async () => {
    const value = event(1);
    await letters.add([
      {
        ...{ side: "LISTENER", consumer: "activity", messageKey: keyOf(1), eventId: value.eventId },
        ...{
          topic: "member-activity-20261125",
          payload: JSON.stringify(value),
          category: "FAILED",
          reason: "test",
        },
        ...{ error: null, attempts: 3, at: Date.now() },
      },
    ]);
    const [open] = await app.call<{ id: string; reason: string }[]>("batch.listDeadLetters", {
      side: "LISTENER",
    });
    expect(open).toMatchObject({ reason: "test" });
    expect(await app.call("batch.showDeadLetter", { id: open?.id })).toMatchObject({ messageKey: keyOf(1) });
    expect(await app.call("batch.replayDeadLetters", { id: open?.id })).toEqual({ replayed: 1, failed: 0 });
    expect(await recorded(1)).toBe(1);
    expect(await app.call("batch.replayDeadLetters", { id: open?.id })).toEqual({ replayed: 0, failed: 0 });
    expect(await app.call("batch.listDeadLetters", {})).toEqual([]);
  });

  test("of the publisher are sent again, and arrive", async () => {
    const value = event(2);
    await letters.add([
      {
        ...{ side: "PUBLISHER", consumer: null, messageKey: keyOf(2), eventId: value.eventId, partition: 3 },
        ...{ topic: null, payload: JSON.stringify(value), category: "REJECTED", reason: "test" },
        ...{ error: null, attempts: 1, at: Date.now() },
      },
    ]);
    const [open] = await app.call<{ id: string }[]>("batch.listDeadLetters", { side: "PUBLISHER" });
    day = dateIn(app.config.events.timeZone, Date.now());
    expect(await app.call("batch.replayDeadLetters", { id: open?.id })).toEqual({ replayed: 1, failed: 0 });
    await expect.poll(() => recorded(2), { timeout: 15_000 }).toBe(1);
  });

  test("that fail again stay, with the new reason; others can be discarded", async () => {
    await letters.add([
      {
        ...{ side: "LISTENER", consumer: "activity", messageKey: null, eventId: null, source: "t:0:1" },
        ...{ topic: "t", payload: "not json", category: "MALFORMED_JSON", reason: "test", error: null },
        ...{ attempts: 1, at: Date.now() },
      },
    ]);
    const [open] = await app.call<{ id: string }[]>("batch.listDeadLetters", {});
    expect(await app.call("batch.replayDeadLetters", { id: open?.id })).toEqual({ replayed: 0, failed: 1 });
    expect(await app.call("batch.showDeadLetter", { id: open?.id })).toMatchObject({
      ...{
        payload: "not json",
        isCompleted: false,
        attempts: 2,
        reason: expect.stringContaining("MALFORMED_JSON"),
      },
    });
    expect(await app.call("batch.discardDeadLetter", { id: open?.id })).toEqual({ discarded: 1 });
    expect(await app.call("batch.listDeadLetters", {})).toEqual([]);
  });
});

test("a damaged day is put right by reading its topic again; a dry run only tells", async () => {
  const before = await app.call<{ content: object[] }>("activity.listOwnActivities", { size: 100 }, memberId);
  expect(before.content.length).toBeGreaterThan(0);
  if (app.config.documents.kind !== "sql") return;
  await app.database.execute(sql`UPDATE member_activities SET post_id = ${4711} WHERE post_id = ${2}`);
  const dry = await app.call("activity.replayTopic", { date: day, dryRun: true });
  expect(dry).toMatchObject({ rewritten: 1 });
  expect(await recorded(2)).toBe(0);
  expect(await app.call("activity.replayTopic", { date: day })).toMatchObject({ rewritten: 1 });
  const after = await app.call<{ content: object[] }>("activity.listOwnActivities", { size: 100 }, memberId);
  expect(after).toEqual(before);
});

test("topics are listed, and nothing is left to read", async () => {
  expect(await app.call<string[]>("batch.listTopics", {})).toContainEqual(expect.stringContaining(day));
  const lags = () => app.call<{ lag: number }[]>("batch.topicLag", {});
  await expect
    .poll(async () => (await lags()).reduce((sum, { lag }) => sum + lag, 0), { timeout: 15_000 })
    .toBe(0);
  expect(await app.call("batch.dropTopics", {})).toEqual({ dropped: [], kept: [] });
});
