import type { Context, Service } from "moleculer";
import { actionsOf } from "../../contracts/action.ts";
import type { PagingInput } from "../../contracts/dto/paging.ts";
import type { RequestMeta } from "../../contracts/meta.ts";
import type { DocumentsMembers } from "../../mixins/documents.mixin.ts";
import type { KafkaConsumerMembers } from "../../mixins/kafka-consumer.mixin.ts";
import type { SearchIndexMembers } from "../../mixins/search-index.mixin.ts";
import type { SqlMembers } from "../../mixins/sql.mixin.ts";
import type { EventIndexer } from "./event-indexer.ts";
import type { SearchUpkeep } from "./search-upkeep.ts";

export type SearchThis = Service &
  SqlMembers &
  DocumentsMembers &
  SearchIndexMembers &
  KafkaConsumerMembers & {
    /** Applies what the event log tells. */
    events: EventIndexer;
    upkeep: SearchUpkeep;
  };

/** The call of a member who searches. */
export type SearchContext = Context<PagingInput, RequestMeta>;

export const searchAction = actionsOf<SearchThis>();
