import type { Consumption } from "../../mixins/kafka-consumer.mixin.ts";
import { SEARCH_GROUP, SEARCHED_TYPES } from "./event-indexer.ts";
import type { SearchThis } from "./search.types.ts";

/** What changes posts, comments and members. */
export const consumes: Consumption<SearchThis> = {
  group: SEARCH_GROUP,
  families: ["member-activity"],
  types: SEARCHED_TYPES,
  async handle(batch) {
    await this.events.apply(batch);
  },
};
