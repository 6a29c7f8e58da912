import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { HandleField } from "../../../contracts/dto/profile-fields.ts";
import { memberAction } from "../member.types.ts";

export const changeHandle = memberAction({
  rest: { method: "PUT", path: "/members/profile/handle" },
  summary: "Change the caller's handle; answers the new one",
  params: Type.Object({ newHandle: HandleField }),
  returns: Type.String(),
  errors: ["MEMBER_HANDLE_ALREADY_EXISTS", "MEMBER_NOT_FOUND"],
  async handler(ctx) {
    await this.profiles.changeHandleOrThrow(callerOf(ctx), ctx.params.newHandle);
    return ctx.params.newHandle;
  },
});
