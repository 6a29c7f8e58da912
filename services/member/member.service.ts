import type { ServiceSchema } from "moleculer";
import type { Config } from "../../config/index.ts";
import { OutboxMixin } from "../../mixins/outbox.mixin.ts";
import { SqlMixin } from "../../mixins/sql.mixin.ts";
import { changeHandle } from "./actions/change-handle.ts";
import { follow } from "./actions/follow.ts";
import { getFollowersFollowings } from "./actions/get-followers-followings.ts";
import { getMemberSummary } from "./actions/get-member-summary.ts";
import { getName } from "./actions/get-name.ts";
import { getOwnFollowersFollowings } from "./actions/get-own-followers-followings.ts";
import { getOwnName } from "./actions/get-own-name.ts";
import { getOwnProfile } from "./actions/get-own-profile.ts";
import { getOwnSummary } from "./actions/get-own-summary.ts";
import { getProfile } from "./actions/get-profile.ts";
import { getProfileByHandle } from "./actions/get-profile-by-handle.ts";
import { getSummaries } from "./actions/get-summaries.ts";
import { getSummary } from "./actions/get-summary.ts";
import { listFollowedMembers } from "./actions/list-followed-members.ts";
import { listFollowers } from "./actions/list-followers.ts";
import { listFollowingIds } from "./actions/list-following-ids.ts";
import { listFollowings } from "./actions/list-followings.ts";
import { listOwnFollowers } from "./actions/list-own-followers.ts";
import { listOwnFollowings } from "./actions/list-own-followings.ts";
import { queryMembers } from "./actions/query-members.ts";
import { recommendMoreNewbies } from "./actions/recommend-more-newbies.ts";
import { recommendNewbies } from "./actions/recommend-newbies.ts";
import { livingIds, searchableMembers } from "./actions/searchable.ts";
import { unfollow } from "./actions/unfollow.ts";
import { updateProfile } from "./actions/update-profile.ts";
import { FollowRepository } from "./follow.repository.ts";
import { defineMemberModels } from "./member.models.ts";
import { MemberRepository } from "./member.repository.ts";
import type { MemberThis } from "./member.types.ts";
import { ProfileRepository } from "./profile.repository.ts";

/**
 * Who the members are and who follows whom. Owns `members`, `profiles` and `follows`;
 * sign-up and withdrawal, which write them too, are auth's.
 */
export default function memberService(config: Config): ServiceSchema {
  return {
    name: "member",
    mixins: [SqlMixin(config.database), OutboxMixin(config)],
    actions: {
      getOwnName,
      getName,
      getOwnProfile,
      getProfile,
      getProfileByHandle,
      updateProfile,
      changeHandle,
      getOwnSummary,
      getMemberSummary,
      getSummary,
      getSummaries,
      queryMembers,
      searchableMembers,
      livingIds,

      follow,
      unfollow,
      getOwnFollowersFollowings,
      getFollowersFollowings,
      listOwnFollowers,
      listFollowers,
      listOwnFollowings,
      listFollowings,
      listFollowedMembers,
      listFollowingIds,
      recommendNewbies,
      recommendMoreNewbies,
    },
    created(this: MemberThis) {
      const models = defineMemberModels(this.database.sequelize);
      this.members = new MemberRepository(this.database);
      this.profiles = new ProfileRepository(this.database, models, this.outbox);
      this.follows = new FollowRepository(this.database, models, this.outbox);
    },
  } as unknown as ServiceSchema;
}
