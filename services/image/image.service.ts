import type { ServiceSchema } from "moleculer";
import type { Config } from "../../config/index.ts";
import { KafkaConsumerMixin } from "../../mixins/kafka-consumer.mixin.ts";
import { SqlMixin } from "../../mixins/sql.mixin.ts";
import { applyEvents } from "./actions/apply-events.ts";
import { deleteOwnImages } from "./actions/delete-own-images.ts";
import { removeOrphans } from "./actions/remove-orphans.ts";
import { upload, uploadProfile } from "./actions/upload.ts";
import { view } from "./actions/view.ts";
import { defineImageModel } from "./image.models.ts";
import { ImageRepository } from "./image.repository.ts";
import type { ImageThis } from "./image.types.ts";
import { consumes } from "./image-consumption.ts";
import { ImageFiles } from "./image-files.ts";
import { ImageProcessor } from "./image-processor.ts";
import { makeImageRootOrThrow } from "./image-root.ts";
import { ImageStore } from "./image-store.ts";
import { Orphans } from "./orphans.ts";

/**
 * Pictures: takes them in, makes them small and harmless, keeps and shows them. Owns `images` and the folder IMAGE_ROOT,
 * which all processes of this service share.
 */
export default function imageService(config: Config): ServiceSchema {
  return {
    name: "image",
    mixins: [SqlMixin(config.database), KafkaConsumerMixin(config)],
    consumes,
    actions: {
      upload,
      uploadProfile,
      view,
      deleteOwnImages,

      applyEvents,
      removeOrphans,
    },
    created(this: ImageThis) {
      const images = new ImageRepository(this.database, defineImageModel(this.database.sequelize));
      const files = new ImageFiles(config.imageRoot);
      this.processor = new ImageProcessor();
      this.store = new ImageStore(images, files, (fields, text) => this.logger.warn(fields, text));
      this.orphans = new Orphans(images, files);
      this.healthChecks = [
        ...(this.healthChecks ?? []),
        { name: "images", effect: "required", check: () => files.check() },
      ];
    },
    started: () => makeImageRootOrThrow(config.imageRoot),
  } as unknown as ServiceSchema;
}
