import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from "kafkajs";
import { describe, expect, it } from "vitest";
import { kafkaFailureOf, protocolErrorOf } from "./failures.ts";

function protocolError(type: string, retriable: boolean): KafkaJSProtocolError {
  return new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 1, retriable }));
}

const wrapped = (cause: Error) => new KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 5, retryTime: 1 });

describe("a failure of Kafka", () => {
  it.each([
    ["a lost connection", new KafkaJSConnectionError("gone"), "UNAVAILABLE"],
    ["a lost connection after several tries", wrapped(new KafkaJSConnectionError("gone")), "UNAVAILABLE"],
    ["a refused socket", Object.assign(new Error("no"), { code: "ECONNREFUSED" }), "UNAVAILABLE"],
    ["too few replicas", wrapped(protocolError("NOT_ENOUGH_REPLICAS", true)), "UNAVAILABLE"],
    ["a topic that isn't known yet", protocolError("UNKNOWN_TOPIC_OR_PARTITION", true), "UNAVAILABLE"],
    ["a record that is too large", protocolError("MESSAGE_TOO_LARGE", false), "REJECTED"],
    ["a record that is too large, wrapped", wrapped(protocolError("MESSAGE_TOO_LARGE", false)), "REJECTED"],
    ["a lack of rights", protocolError("TOPIC_AUTHORIZATION_FAILED", false), "OTHER"],
    ["a fault of ours", new Error("?"), "OTHER"],
    ["no error", undefined, "OTHER"],
  ])("sees %s", (_what, error, failure) => {
    expect(kafkaFailureOf(error)).toBe(failure);
  });

  it("finds the broker's own word below the wrapping", () => {
    expect(protocolErrorOf(wrapped(protocolError("UNKNOWN_TOPIC_OR_PARTITION", true)))).toBe(
      "UNKNOWN_TOPIC_OR_PARTITION",
    );
    expect(protocolErrorOf(new Error("?"))).toBeUndefined();
  });
});
