import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { MemberScroll } from "../follow-lists.ts";
import { memberAction } from "../member.types.ts";
import { NEWBIE_PARAMS, readNewbies } from "../newbies.ts";

export const recommendMoreNewbies = memberAction({
  rest: { method: "GET", path: "/members/follow/recommend/newbie/more" },
  summary: "Members the caller doesn't follow yet, newest first",
  params: Type.Object(NEWBIE_PARAMS),
  returns: MemberScroll,
  errors: ["INVALID_CURSOR", "PAGE_TOO_DEEP"],
  async handler(ctx) {
    return readNewbies(this, callerId(ctx), ctx.params);
  },
});
