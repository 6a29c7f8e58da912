import { expect, it } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import { CONSUMER_GROUPS } from "../../config/topics.ts";
import type { Consumption } from "../../mixins/kafka-consumer.mixin.ts";
import { servicesOf } from "../../services/index.ts";

it("no topic is dropped before every service that follows the events has read it", () => {
  const followers = servicesOf(configOrThrow({})).flatMap((schema) => {
    const { name, consumes } = schema as { name: string; consumes?: Consumption };
    return consumes ? [[name, consumes.group]] : [];
  });
  expect(followers).toEqual(CONSUMER_GROUPS.map((group) => [group, group]));
});
