import { expect, it } from "vitest";
import { clientAddress } from "./client-address.ts";

it.each([
  ["10.0.0.1", undefined, 0, "10.0.0.1"],
  ["10.0.0.1", "1.2.3.4", 0, "10.0.0.1"],
  ["10.0.0.1", "1.2.3.4", 1, "1.2.3.4"],
  ["10.0.0.1", "6.6.6.6, 1.2.3.4", 1, "1.2.3.4"],
  ["10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.9", 2, "1.2.3.4"],
  ["10.0.0.1", "1.2.3.4", 5, "1.2.3.4"],
  ["10.0.0.1", "", 1, "10.0.0.1"],
  [undefined, undefined, 0, "unknown"],
])("socket %s, forwarded %o, %i hops: %s", (socket, forwarded, hops, expected) => {
  expect(clientAddress(socket, forwarded, hops)).toBe(expected);
});
