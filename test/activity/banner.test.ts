import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FollowedActivityDto } from "../../contracts/dto/activity.ts";
import { ACTIVITY_TYPES } from "../../contracts/events.ts";
import { documentIdOf } from "../../lib/documents/document-id.ts";
import { withdrawMember } from "../support/fixtures.ts";
import { statementsOf } from "../support/statements.ts";
import { ActivityApp, walk } from "./activity-app.ts";
import { eventAt } from "./events.ts";

let app: ActivityApp;
beforeAll(async () => {
  app = await ActivityApp.start();
});
afterAll(() => app.stop());

/** A reader, whom it follows, and a post of somebody else. */
async function scene() {
  const [reader, actor, stranger] = [await app.member(), await app.member(), await app.member()];
  await app.follow(reader, actor);
  return { reader, actor, stranger, post: await app.post(stranger) };
}

const typesOf = ({ content }: { readonly content: readonly FollowedActivityDto[] }) =>
  content.map(({ memberActivityType }) => memberActivityType);

describe("what the members I follow did", () => {
  test("is what they created, edited, liked and no longer like, newest first, with who they are", async () => {
    const { reader, actor, stranger, post } = await scene();
    const comment = await app.comment(actor, post.id);
    const about = (memberId: number) =>
      ACTIVITY_TYPES.map((memberActivityType, at) => {
        const isComment = memberActivityType.includes("COMMENT");
        return eventAt(at, {
          memberId,
          postId: post.id,
          commentId: isComment ? comment.id : null,
          memberActivityType,
        });
      });
    await app.happen(...about(actor), ...about(stranger), ...about(reader));
    const banner = await app.banner(reader);
    expect(typesOf(banner)).toEqual([
      "LIKE_COMMENT_CANCEL",
      "LIKE_COMMENT",
      "LIKE_POST_CANCEL",
      "LIKE_POST",
      "COMMENT_UPDATE",
      "COMMENT_CREATE",
      "POST_UPDATE",
      "POST_CREATE",
    ]);
    const summary = await app.services.call<{ handle: string; displayName: string }>(
      "member.getSummary",
      { memberId: actor },
      reader,
    );
    for (const row of banner.content) {
      expect(row).toMatchObject({
        memberId: actor,
        postId: post.id,
        actorName: summary.displayName,
        actorHandle: summary.handle,
        actorAvatarUrl: "no-image",
      });
    }
    expect((await app.banner(stranger)).content).toEqual([]);
  });

  test("leaves out what belongs to deleted posts and comments, and what was dropped", async () => {
    const { reader, actor, stranger } = await scene();
    const [kept, deleted] = [await app.post(actor), await app.post(actor)];
    const [comment, gone] = [await app.comment(stranger, kept.id), await app.comment(stranger, kept.id)];
    const onDeleted = await app.comment(stranger, deleted.id);
    const like = (at: number, postId: number, commentId: number | null) =>
      eventAt(at, {
        memberId: actor,
        postId,
        commentId,
        memberActivityType: commentId === null ? "LIKE_POST" : "LIKE_COMMENT",
        messageKey: `member_activity:kafka_event:LIKE###${at}###${commentId ?? postId}###${actor}`,
      });
    const events = [
      like(1, kept.id, null),
      like(2, deleted.id, null),
      like(3, kept.id, comment.id),
      like(4, kept.id, gone.id),
      like(5, deleted.id, onDeleted.id),
      like(6, kept.id, null),
    ];
    await app.happen(...events);
    expect((await app.banner(reader)).content).toHaveLength(6);
    await app.services.call("content.deletePost", { id: deleted.id }, actor);
    await app.services.call("content.deleteComment", { id: gone.id }, stranger);
    await app.call("dropActivity", { id: documentIdOf(events[5]?.messageKey ?? "") }, actor);
    const rows = (await app.banner(reader)).content.map(({ postId, commentId }) => [postId, commentId]);
    expect(rows).toEqual([
      [kept.id, comment.id],
      [kept.id, null],
    ]);
  });

  test("ends with the following, and with the member", async () => {
    const { reader, actor, post } = await scene();
    await app.happen(eventAt(1, { memberId: actor, postId: post.id }));
    expect((await app.banner(reader)).content).toHaveLength(1);
    await app.services.call("member.unfollow", { memberId: actor }, reader);
    expect(await app.banner(reader)).toMatchObject({ content: [], hasNext: false, nextCursor: null });
    await app.follow(reader, actor);
    await withdrawMember(app.database, actor);
    expect((await app.banner(reader)).content).toEqual([]);
  });

  test.each(["cursor", "page"] as const)(
    "is walked by %s in full pages without loss or repetition, also past long stretches of deleted things",
    async (by) => {
      const { reader, actor, stranger } = await scene();
      const [post, deleted] = [await app.post(stranger), await app.post(stranger)];
      const other = await app.member();
      await app.follow(reader, other);
      const isLiving = (index: number) => index % 3 !== 0 && (index < 400 || index > 1_800);
      await app.services.call("content.deletePost", { id: deleted.id }, stranger);
      const events = Array.from({ length: 2_000 }, (_, index) =>
        eventAt(Math.floor(index / 4), {
          memberId: index % 2 === 0 ? actor : other,
          postId: isLiving(index) ? post.id : deleted.id,
          messageKey: `member_activity:kafka_event:LIKE_POST###${index}###${actor}`,
        }),
      );
      await app.happen(...events);
      const living = events
        .filter((_, index) => isLiving(index))
        .map(({ messageKey }) => documentIdOf(messageKey));
      const pages = await walk<FollowedActivityDto>(by, (paging) => app.banner(reader, paging), 30);
      const rows = pages.flat();
      expect(rows.map(({ id }) => id).sort()).toEqual(living.sort());
      const sorted = [...rows].sort((a, b) => (b.createdAt + b.id < a.createdAt + a.id ? -1 : 1));
      expect(rows).toEqual(sorted);
      expect(pages.slice(0, -1).every(({ length }) => length === 30)).toBe(true);
    },
  );

  test("takes the same number of queries whatever the size", async () => {
    const { reader, actor, post } = await scene();
    await app.happen(
      ...Array.from({ length: 120 }, (_, index) =>
        eventAt(index, {
          memberId: actor,
          postId: post.id,
          messageKey: `member_activity:kafka_event:LIKE_POST###${index}###${actor}`,
        }),
      ),
    );
    const isSql = app.services.config.documents.kind === "sql";
    for (const size of [1, 20, 100]) {
      const statements = await statementsOf(app.database, () => app.banner(reader, { size }));
      // Whom I follow, their activities (in SQL where there is no MongoDB), which posts exist, who they are.
      expect(statements).toHaveLength(isSql ? 4 : 3);
    }
  });
});
