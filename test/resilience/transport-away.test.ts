import type { ServiceBroker } from "moleculer";
import { afterAll, beforeAll, expect, it } from "vitest";
import { errorCodeOf } from "../../services/api/error-response.ts";
import { mesh, type Scripted, scripted, service } from "./faulty.ts";

/** The transporter of the caller is away: what its driver says means nothing to clients. */

let near: ServiceBroker;
let far: ServiceBroker;
const fine: Scripted = scripted(() => "fine");
const refusing: Scripted = scripted(() => {
  throw new TypeError("a bug of the service");
});

beforeAll(async () => {
  [near, far] = (await mesh([[], [service("content", { fine, refusing })]])) as [
    ServiceBroker,
    ServiceBroker,
  ];
});
afterAll(() => Promise.all([near.stop(), far.stop()]));

it("a call that can't be sent is one that found nobody", async () => {
  const { tx } = near.transit as unknown as { tx: { prepublish: (packet: unknown) => Promise<void> } };
  const { prepublish } = tx;
  tx.prepublish = () => Promise.reject(new Error("Connection is closed."));
  const error: unknown = await near.call("content.fine").catch((reason: unknown) => reason);
  tx.prepublish = prepublish;
  expect(errorCodeOf(error)).toBe("SERVICE_UNAVAILABLE");
  expect(error).toMatchObject({ cause: { message: "Connection is closed." } });
  expect(fine.runs).toBe(0);
  await expect(near.call("content.fine")).resolves.toBe("fine");
});

it("what the other node threw stays what it is", async () => {
  const error: unknown = await near.call("content.refusing").catch((reason: unknown) => reason);
  expect(errorCodeOf(error)).toBe("INTERNAL_SERVER_ERROR");
  expect(error).toMatchObject({ message: "a bug of the service" });
});
