import type { ServiceSchema } from "moleculer";
import { expect, it } from "vitest";
import { domainError } from "../../contracts/errors.ts";
import activityService from "../../services/activity/activity.service.ts";
import contentService from "../../services/content/content.service.ts";
import { startServices } from "../support/service.ts";
import { ActivityApp } from "./activity-app.ts";
import { eventAt } from "./events.ts";

it("the banner shows ids with empty names while members can't be asked, and fails where they refuse", async () => {
  const actor = 7;
  let failure: Error = new Error("no answer");
  const member = (): ServiceSchema => ({
    name: "member",
    actions: {
      listFollowingIds: () => [actor],
      getSummaries: () => {
        throw failure;
      },
    },
  });
  const app = new ActivityApp(await startServices(activityService, contentService, member));
  const { id: postId } = await app.post(1);
  await app.happen(eventAt(0, { memberId: actor, postId }));
  expect((await app.banner(1)).content).toMatchObject([
    { memberId: actor, postId, actorName: "", actorHandle: null, actorAvatarUrl: null },
  ]);
  failure = domainError("MEMBER_FORBIDDEN");
  await expect(app.banner(1)).rejects.toMatchObject({ type: "MEMBER_FORBIDDEN" });
  await app.stop();
});
