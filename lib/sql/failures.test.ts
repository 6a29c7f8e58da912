import { ConnectionAcquireTimeoutError, ConnectionRefusedError, DatabaseError } from "sequelize";
import { describe, expect, it } from "vitest";
import { verdictOf } from "../resilience/call-failures.ts";
import { retryOnConflict, translateUnavailable } from "./failures.ts";

function deadlock(): DatabaseError {
  const original = Object.assign(new Error("Deadlock found"), { code: "ER_LOCK_DEADLOCK", sql: "UPDATE x" });
  return new DatabaseError(original);
}

describe("a deadlock", () => {
  it("of a statement, translated already, is a reason to run its transaction again", async () => {
    let runs = 0;
    const result = await translateUnavailable(() =>
      retryOnConflict(() =>
        translateUnavailable(async () => {
          if (++runs < 3) throw deadlock();
          return "done";
        }),
      ),
    );
    expect([result, runs]).toEqual(["done", 3]);
  });

  it("that stays is told once, with the driver's error as its cause", async () => {
    const error = deadlock();
    const failing = () =>
      translateUnavailable(() => retryOnConflict(() => translateUnavailable(() => Promise.reject(error))));
    await expect(failing()).rejects.toMatchObject({ type: "SERVICE_UNAVAILABLE", cause: error });
  });
});

describe("a breaker of the process", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  it.each([
    ["doesn't count that the server is gone", new ConnectionRefusedError(refused), "UNCOUNTED"],
    ["counts that the pool is used up", new ConnectionAcquireTimeoutError(new Error("timeout")), "FAILURE"],
    ["counts a deadlock", deadlock(), "FAILURE"],
  ] as const)("%s", async (_what, error, expected) => {
    const thrown = await translateUnavailable(() => Promise.reject(error)).catch((told: unknown) => told);
    expect(verdictOf(thrown)).toBe(expected);
  });
});
