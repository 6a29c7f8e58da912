import type { ServiceBroker } from "moleculer";
import { callAction } from "../../contracts/actions.ts";
import { paced } from "../../lib/resilience/paced.ts";
import type {
  SearchableComment,
  SearchableMember,
  SearchablePost,
  SearchKind,
} from "../../lib/search/search-index.ts";

/** The services that own what is searched; everything is their state of now. */
export interface Owners {
  /** Those of the ids that exist. */
  posts(ids: readonly number[]): Promise<readonly SearchablePost[]>;
  comments(ids: readonly number[]): Promise<readonly SearchableComment[]>;
  members(ids: readonly number[]): Promise<readonly SearchableMember[]>;
  /** Ids of all that exist, ascending. */
  idsAfter(kind: SearchKind, afterId: number, limit: number): Promise<readonly number[]>;
}

export function ownersOf(broker: ServiceBroker): Owners {
  return {
    posts: (ids) => paced(() => callAction(broker, "content.searchablePosts", { ids })),
    comments: (ids) => paced(() => callAction(broker, "content.searchableComments", { ids })),
    members: (ids) => paced(() => callAction(broker, "member.searchableMembers", { ids })),
    idsAfter: (kind, afterId, limit) =>
      paced(() =>
        kind === "members"
          ? callAction(broker, "member.livingIds", { afterId, limit })
          : callAction(broker, "content.livingIds", { kind, afterId, limit }),
      ),
  };
}
