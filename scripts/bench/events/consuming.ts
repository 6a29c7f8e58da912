import { ServiceBroker, type ServiceSchema } from "moleculer";
import type { Config } from "../../../config/index.ts";
import type { RecordedEvent } from "../../../lib/documents/activity-record.ts";
import { MAX_BATCH } from "../../../lib/documents/activity-repository.ts";
import type { EventMessage } from "../../../lib/event-log/event-reading.ts";
import { SeenEvents } from "../../../lib/event-log/seen-events.ts";
import { type DocumentsMembers, DocumentsMixin } from "../../../mixins/documents.mixin.ts";
import { type RedisMembers, RedisMixin } from "../../../mixins/redis.mixin.ts";
import { EventApplier } from "../../../services/activity/event-applier.ts";
import { readMessage } from "../../../services/activity/event-reading.ts";
import { median } from "../images/load.ts";
import { alternate, type Findings, perSecond, ratios, spread, timeEach } from "./rounds.ts";
import { sampleMessages } from "./sample-events.ts";

/** Batches of one round, and messages that are written one by one in it. */
const BATCHES = 10;
const SINGLES = 200;
const LEAST_OF_GROUPED = 0.5;
const LEAST_OF_SINGLE = 25;

/**
 * Batches of 500 messages through the activity service's handler, with the filter in Redis and the write in MongoDB;
 * against the same grouped write of as many such messages, without the filter; and against the same handler that is given
 * one message at a time, and writes each by itself.
 */
export async function compareConsuming(config: Config, rounds: number): Promise<Findings> {
  const broker = new ServiceBroker({ logLevel: "error" });
  const service = broker.createService({
    name: "bench",
    mixins: [DocumentsMixin({ ...config, health: "required" }), RedisMixin(config.redis)],
  } as unknown as ServiceSchema) as unknown as DocumentsMembers & RedisMembers;
  await broker.start();
  try {
    const { activities, deadLetters, keyValue } = service;
    const seen = new SeenEvents(keyValue, config.events.dedupTtl);
    const applier = new EventApplier({ activities, deadLetters, seen, logger: broker.logger });
    const inBatches = async (work: (batch: readonly EventMessage[]) => Promise<unknown>) => {
      const batches = Array.from({ length: BATCHES }, () => sampleMessages(MAX_BATCH));
      return timeEach(BATCHES * MAX_BATCH, async () => {
        for (const batch of batches) await work(batch);
      });
    };
    const { filtered, grouped, single } = await alternate(rounds, async () => ({
      filtered: () => inBatches((batch) => applier.apply(batch)),
      grouped: () => inBatches((batch) => activities.apply(batch.map(recordedOrThrow))),
      single: () => {
        const messages = sampleMessages(SINGLES);
        return timeEach(SINGLES, async () => {
          for (const message of messages) await applier.apply([message]);
        });
      },
    }));
    const batch = sampleMessages(MAX_BATCH);
    const [first, again] = [await applier.apply(batch), await applier.apply(batch)];

    const ofGrouped = ratios(grouped, filtered);
    const ofSingle = ratios(single, filtered);
    return {
      figures: [
        `consumer with de-duplication: ${perSecond(filtered)}; grouped write without: ${perSecond(grouped)}; one message a write: ${perSecond(single)}`,
        `  ${spread(ofGrouped)} x the grouped write, ${spread(ofSingle, 1)} x one message a write`,
        `a batch that comes again: ${again.repeated} of ${first.recorded} dropped`,
      ],
      missed: [
        ...(median(ofGrouped) >= LEAST_OF_GROUPED
          ? []
          : [`consuming is less than ${LEAST_OF_GROUPED} x the grouped write`]),
        ...(median(ofSingle) >= LEAST_OF_SINGLE
          ? []
          : [`consuming is less than ${LEAST_OF_SINGLE} x one message a write`]),
        ...(again.repeated === MAX_BATCH ? [] : ["repeated messages were not recognised"]),
      ],
    };
  } finally {
    await broker.stop();
  }
}

function recordedOrThrow(message: EventMessage): RecordedEvent {
  const reading = readMessage(message);
  if (reading.kind !== "event") throw new Error(`${message.key} can't be recorded`);
  return reading.event;
}
