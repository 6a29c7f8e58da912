import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Done } from "../../../contracts/dto/scalars.ts";
import { activityAction } from "../activity.types.ts";
import { ActivityId } from "../activity-fields.ts";

export const dropActivity = activityAction({
  rest: { method: "DELETE", path: "/member-activities/{id}", status: 204 },
  summary: "Drop a record of mine; it doesn't come back unless the same is done again",
  params: Type.Object({ id: ActivityId }),
  returns: Done,
  errors: ["ACTIVITY_NOT_FOUND", "MEMBER_FORBIDDEN"],
  async handler(ctx) {
    await this.recorder.dropOrThrow(ctx.params.id, callerId(ctx));
    return true as const;
  },
});
