import type { Config } from "../config/index.ts";

/** What both Kafka mixins take: the configuration, as it is. */
export interface KafkaMixinOptions extends Pick<Config, "events" | "mesh"> {
  /** Epoch milliseconds; the clock that decides about the dates of topics. */
  readonly now?: () => number;
}
