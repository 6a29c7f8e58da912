import type { Service } from "moleculer";
import { actionsOf } from "../../contracts/action.ts";
import type { SqlMembers } from "../../mixins/sql.mixin.ts";
import type { TimelineRepositories } from "./repositories.ts";
import type { ViewBuffer } from "./view-buffer.ts";

export type TimelineThis = Service & SqlMembers & TimelineRepositories & { views: ViewBuffer };

export const timelineAction = actionsOf<TimelineThis>();
