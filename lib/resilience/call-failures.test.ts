import { Errors } from "moleculer";
import { describe, expect, it } from "vitest";
import { domainError, ERROR_CATALOGUE, type ErrorCode } from "../../contracts/errors.ts";
import { blameStore, blameTransporter, isNodeFault, mayGoBetter, verdictOf } from "./call-failures.ts";

const driverError = (code: unknown) => Object.assign(new Error("from a driver"), { code });
const CALL = { action: "content.createPost", nodeID: "far" };

describe("what an error says about the service that was called", () => {
  it.each(Object.keys(ERROR_CATALOGUE) as ErrorCode[])("%s of the contract", (code) => {
    const expected = ERROR_CATALOGUE[code][0] < 500 ? "ANSWER" : "FAILURE";
    expect(verdictOf(domainError(code))).toBe(expected);
  });

  it.each([
    ["a driver's code", driverError("ER_LOCK_DEADLOCK"), "FAILURE"],
    ["a lost connection", driverError("ECONNREFUSED"), "FAILURE"],
    ["a driver's number", driverError(11_000), "FAILURE"],
    ["a bug", new TypeError("undefined is not a function"), "FAILURE"],
    ["something thrown that is no error", "broken", "FAILURE"],
    ["no answer in time", new Errors.RequestTimeoutError(CALL), "FAILURE"],
    ["a node that was lost", new Errors.RequestRejectedError(CALL), "FAILURE"],
    ["a node that stops, in spite of its 404", new Errors.ServiceNotAvailableError(CALL), "FAILURE"],
    ["a service missing, in spite of its 404", new Errors.ServiceNotFoundError(CALL), "FAILURE"],
    ["a server's error", new Errors.MoleculerServerError("broken", 500, "BROKEN", {}), "FAILURE"],
    ["params that aren't valid", new Errors.ValidationError("wrong", "WRONG", {}), "ANSWER"],
    ["a client's error", new Errors.MoleculerClientError("wrong", 404, "GONE", {}), "ANSWER"],
    ["a full queue of Moleculer's", new Errors.QueueIsFullError(CALL), "UNCOUNTED"],
    ["a full queue", domainError("SERVICE_UNAVAILABLE", { reason: "QUEUE_FULL" }), "UNCOUNTED"],
    ["a call over the limit", domainError("TOO_MANY_REQUEST", { reason: "CALL_LIMIT" }), "UNCOUNTED"],
    [
      "no answer while the transporter was away",
      blameTransporter(new Errors.RequestTimeoutError(CALL)),
      "UNCOUNTED",
    ],
    ["a store that this process can't reach", blameStore(domainError("SERVICE_UNAVAILABLE")), "UNCOUNTED"],
    ["a breaker further down", domainError("SERVICE_UNAVAILABLE", { reason: "BREAKER_OPEN" }), "FAILURE"],
  ] as const)("%s", (_what, error, expected) => {
    expect(verdictOf(error)).toBe(expected);
  });
});

describe("what may be tried again", () => {
  it.each([
    ["no answer in time", new Errors.RequestTimeoutError(CALL), true],
    ["a node that was lost", new Errors.RequestRejectedError(CALL), true],
    ["a node that stops", new Errors.ServiceNotAvailableError(CALL), true],
    [
      "a server's error, which Moleculer would repeat",
      new Errors.MoleculerServerError("x", 500, "X", {}),
      false,
    ],
    ["a full queue, which Moleculer would repeat", new Errors.QueueIsFullError(CALL), false],
    ["a store that is away", domainError("SERVICE_UNAVAILABLE"), false],
    ["an open breaker", domainError("SERVICE_UNAVAILABLE", { reason: "BREAKER_OPEN" }), false],
    ["too many calls", domainError("TOO_MANY_REQUEST", { reason: "CALL_LIMIT" }), false],
    ["a refusal", domainError("POST_NOT_FOUND"), false],
    ["a driver's error", driverError("ECONNRESET"), false],
  ] as const)("%s", (_what, error, expected) => {
    expect(mayGoBetter(error)).toBe(expected);
  });
});

it("a node is at fault when it is lost or silent, not when it tells of an error", () => {
  expect(isNodeFault(new Errors.RequestRejectedError(CALL))).toBe(true);
  expect(isNodeFault(new Errors.RequestTimeoutError(CALL))).toBe(true);
  const told = Object.assign(new Errors.RequestTimeoutError(CALL), { nodeID: "far" });
  expect(isNodeFault(told)).toBe(false);
  expect(isNodeFault(domainError("INTERNAL_SERVER_ERROR"))).toBe(false);
  expect(isNodeFault(blameTransporter(new Errors.RequestTimeoutError(CALL)))).toBe(false);
});
