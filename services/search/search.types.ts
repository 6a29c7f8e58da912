import type { Context, Service } from "moleculer";
import type { Config } from "../../config/index.ts";
import { actionsOf } from "../../contracts/action.ts";
import type { PagingInput } from "../../contracts/dto/paging.ts";
import type { RequestMeta } from "../../contracts/meta.ts";
import type { SearchIndex } from "../../lib/search/search-index.ts";
import type { DocumentsMembers } from "../../mixins/documents.mixin.ts";
import type { KafkaConsumerMembers } from "../../mixins/kafka-consumer.mixin.ts";
import type { SearchIndexMembers } from "../../mixins/search-index.mixin.ts";
import type { SqlMembers } from "../../mixins/sql.mixin.ts";
import type { EventIndexer } from "./event-indexer.ts";
import type { SearchUpkeep } from "./search-upkeep.ts";

/** What finds: given to the service by whoever puts it together. */
export interface SearchEngine {
  /** An index that is not open yet. */
  readonly makeIndex: (config: Config, service: Service) => SearchIndex;
  /** HTML snippets of a text, what matches the keyword in `<mark>` and the rest escaped; none where nothing matches. */
  readonly highlights: (text: string, keyword: string) => readonly string[];
}

/** The snippets of a text for the keyword that is searched. */
export type Highlighter = (text: string) => readonly string[];

export type SearchThis = Service &
  SqlMembers &
  DocumentsMembers &
  SearchIndexMembers &
  KafkaConsumerMembers & {
    highlights: SearchEngine["highlights"];
    /** Applies what the event log tells. */
    events: EventIndexer;
    upkeep: SearchUpkeep;
  };

/** The call of a member who searches. */
export type SearchContext = Context<PagingInput, RequestMeta>;

export const searchAction = actionsOf<SearchThis>();
