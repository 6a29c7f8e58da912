import { DatabaseError } from "sequelize";
import { describe, expect, it } from "vitest";
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
