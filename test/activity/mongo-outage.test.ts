import { ServiceBroker } from "moleculer";
import { afterEach, describe, expect, test } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import { recordOf } from "../../lib/documents/activity-record.ts";
import { documentIdOf } from "../../lib/documents/document-id.ts";
import { reportHealth } from "../../lib/health/health-check.ts";
import { type DocumentsMembers, DocumentsMixin } from "../../mixins/documents.mixin.ts";
import { Route } from "../support/route.ts";
import { emptyMongo } from "../support/service.ts";
import { eventAt } from "./events.ts";

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A service whose MongoDB is at this port; answers how long the start took (ms). */
async function startAt(port: number, database: string) {
  const MONGO_URL = `mongodb://127.0.0.1:${port}/${database}?directConnection=true`;
  const config = configOrThrow({ MONGO_URL });
  const broker = new ServiceBroker({ logger: false });
  const service = broker.createService({
    name: "documents",
    mixins: [DocumentsMixin({ ...config, health: "required" })],
  } as never) as unknown as DocumentsMembers;
  const begun = Date.now();
  await broker.start();
  stops.push(() => broker.stop());
  return { service, startTook: Date.now() - begun };
}

async function failureOf(work: Promise<unknown>): Promise<{ type: unknown; took: number }> {
  const begun = Date.now();
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { type: (error as { type?: unknown } | undefined)?.type, took: Date.now() - begun };
}

/** Milliseconds within which a call that can't succeed must have failed: time-outs of the driver, with air. */
const LONGEST_FAILURE = 20_000;
/** Milliseconds after which the driver, asked for a server that is away, gives up. */
const SELECTION = 3_000;

describe("a MongoDB that is away", () => {
  test.each([
    ["refuses connections", async (route: Route) => route.cut()],
    ["takes connections and says nothing", async (_route: Route) => undefined],
  ])(
    "and %s holds up no start; calls fail in time, and the health check tells",
    async (_how, leave) => {
      const route = new Route();
      await route.open();
      await leave(route);
      stops.push(() => route.cut());
      const { service, startTook } = await startAt(route.port, "nowhere");
      expect(startTook).toBeLessThan(SELECTION);
      const failure = await failureOf(service.activities.apply([eventAt(1)]));
      expect(failure.type).toBe("SERVICE_UNAVAILABLE");
      expect(failure.took).toBeLessThan(LONGEST_FAILURE);
      expect(await reportHealth(service.healthChecks)).toEqual({ failing: ["mongo"], degraded: [] });
    },
    180_000,
  );

  const mongo = emptyMongo(`outage_${process.pid}`);
  test.skipIf(!mongo)(
    "for a while is used again when it is back, cut off or hung",
    async () => {
      const route = new Route(new URL(mongo?.url ?? ""));
      await route.open();
      stops.push(
        async () => mongo?.remove(),
        () => route.cut(),
      );
      const { service } = await startAt(route.port, `outage_${process.pid}`);
      const apply = (at: number) => service.activities.apply([eventAt(at)]);
      await apply(1);

      await route.cut();
      const cut = await failureOf(apply(2));
      expect(cut).toMatchObject({ type: "SERVICE_UNAVAILABLE" });
      expect(cut.took).toBeLessThan(LONGEST_FAILURE);
      await route.open();
      await apply(3);

      route.isHung = true;
      const hung = await failureOf(apply(4));
      expect(hung).toMatchObject({ type: "SERVICE_UNAVAILABLE" });
      expect(hung.took).toBeLessThan(LONGEST_FAILURE);
      route.isHung = false;
      await route.cut();
      await route.open();
      await apply(5);
      const { messageKey, eventId } = eventAt(5);
      const record = await service.activities.find(documentIdOf(messageKey));
      expect(record).toMatchObject({
        ...recordOf(eventAt(5)),
        eventId: expect.any(String),
        createdAt: expect.any(Number),
      });
      expect(record?.eventId).not.toBe(eventId);
    },
    180_000,
  );
});
