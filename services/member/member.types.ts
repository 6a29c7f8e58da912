import type { Service } from "moleculer";
import { actionsOf } from "../../contracts/action.ts";
import type { OutboxMembers } from "../../mixins/outbox.mixin.ts";
import type { SqlMembers } from "../../mixins/sql.mixin.ts";
import type { FollowRepository } from "./follow.repository.ts";
import type { MemberRepository } from "./member.repository.ts";
import type { ProfileRepository } from "./profile.repository.ts";

export interface MemberRepositories {
  members: MemberRepository;
  profiles: ProfileRepository;
  follows: FollowRepository;
}

export type MemberThis = Service & SqlMembers & OutboxMembers & MemberRepositories;

export const memberAction = actionsOf<MemberThis>();
