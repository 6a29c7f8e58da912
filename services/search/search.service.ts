import type { ServiceSchema } from "moleculer";
import type { Config } from "../../config/index.ts";
import { LeaseStore } from "../../lib/leases/lease-store.ts";
import { DocumentsMixin } from "../../mixins/documents.mixin.ts";
import { KafkaConsumerMixin } from "../../mixins/kafka-consumer.mixin.ts";
import { SearchIndexMixin } from "../../mixins/search-index.mixin.ts";
import { SqlMixin } from "../../mixins/sql.mixin.ts";
import { applyAgain } from "./actions/apply-again.ts";
import { applyEvents } from "./actions/apply-events.ts";
import { searchComments, searchPostComments } from "./actions/search-comments.ts";
import { searchMembers } from "./actions/search-members.ts";
import { searchPosts } from "./actions/search-posts.ts";
import { checkDrift, reindex, reindexProgress } from "./actions/upkeep.ts";
import { EventIndexer } from "./event-indexer.ts";
import { SearchIndexer } from "./indexer.ts";
import { ownersOf } from "./owners.ts";
import type { SearchEngine, SearchThis } from "./search.types.ts";
import { consumes } from "./search-consumption.ts";
import { SearchUpkeep } from "./search-upkeep.ts";

/**
 * Finds posts, comments and members by keyword. Owns the search index, which it keeps up to date from everybody's
 * events; what it shows comes from timeline and member, what it indexes from content and member. In SQL it only holds
 * a lease, so that the index is built and compared by one node at a time.
 */
export default function searchService(
  config: Config,
  { makeIndex, highlights }: SearchEngine,
): ServiceSchema {
  return {
    name: "search",
    mixins: [
      SqlMixin(config.database),
      DocumentsMixin({ ...config, health: "degrading" }),
      SearchIndexMixin((service) => makeIndex(config, service)),
      KafkaConsumerMixin(config),
      // The last mixin stops first: the upkeep needs all of the above.
      { stopped: stopUpkeep } as unknown as Partial<ServiceSchema>,
    ],
    consumes,
    actions: {
      searchPosts,
      searchComments,
      searchPostComments,
      searchMembers,

      applyEvents,
      applyAgain,

      reindex,
      reindexProgress,
      checkDrift,
    },
    created(this: SearchThis) {
      const { broker, logger, searchIndex: openIndex, deadLetters } = this;
      this.highlights = highlights;
      const owners = ownersOf(broker);
      const indexer = new SearchIndexer(openIndex, owners);
      const leases = new LeaseStore(this.database);
      this.events = new EventIndexer({ indexer, deadLetters, logger });
      this.upkeep = new SearchUpkeep({
        openIndex,
        indexer,
        owners,
        leases,
        logger,
        node: config.mesh.nodeId,
      });
    },
    started(this: SearchThis) {
      this.upkeep.start();
    },
  } as unknown as ServiceSchema;
}

async function stopUpkeep(this: SearchThis): Promise<void> {
  await this.upkeep.stop();
}
