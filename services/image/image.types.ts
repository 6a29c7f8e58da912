import type { Service } from "moleculer";
import { actionsOf } from "../../contracts/action.ts";
import type { KafkaConsumerMembers } from "../../mixins/kafka-consumer.mixin.ts";
import type { SqlMembers } from "../../mixins/sql.mixin.ts";
import type { ImageProcessor } from "./image-processor.ts";
import type { ImageStore } from "./image-store.ts";
import type { Orphans } from "./orphans.ts";

export type ImageThis = Service &
  SqlMembers &
  KafkaConsumerMembers & {
    processor: ImageProcessor;
    store: ImageStore;
    orphans: Orphans;
  };

export const imageAction = actionsOf<ImageThis>();
