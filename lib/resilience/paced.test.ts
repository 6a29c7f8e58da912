import { expect, it } from "vitest";
import { domainError } from "../../contracts/errors.ts";
import { paced } from "./paced.ts";

it("waits for permits, and for nothing else", async () => {
  let calls = 0;
  const call = async () => {
    if (++calls < 3) throw domainError("TOO_MANY_REQUEST", { reason: "CALL_LIMIT" });
    return "done";
  };
  expect([await paced(call), calls]).toEqual(["done", 3]);
  const failing = async () => {
    throw domainError("SERVICE_UNAVAILABLE");
  };
  await expect(paced(failing)).rejects.toMatchObject({ type: "SERVICE_UNAVAILABLE" });
});
