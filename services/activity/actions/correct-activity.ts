import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { MemberActivityDto } from "../../../contracts/dto/activity.ts";
import { StringEnum } from "../../../contracts/dto/scalars.ts";
import { ACTIVITY_TYPES } from "../../../contracts/events.ts";
import { toActivity } from "../activity.mapper.ts";
import { activityAction } from "../activity.types.ts";
import { ActivityId } from "../activity-fields.ts";

export const correctActivity = activityAction({
  rest: { method: "PUT", path: "/member-activities/{id}" },
  summary: "Correct the type of a record of mine, within its group of types",
  params: Type.Object({ id: ActivityId, activityType: StringEnum(ACTIVITY_TYPES) }),
  returns: MemberActivityDto,
  errors: ["ACTIVITY_NOT_FOUND", "MEMBER_FORBIDDEN"],
  async handler(ctx) {
    const { id, activityType } = ctx.params;
    return toActivity(await this.recorder.correctOrThrow(id, callerId(ctx), activityType));
  },
});
