import { Type } from "@sinclair/typebox";
import { ServiceBroker } from "moleculer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AjvValidator } from "./ajv-validator.ts";

const check = (schema: object) => new AjvValidator().compile(schema as Record<string, unknown>);
const refusal = (field: string, rule: string) =>
  expect.objectContaining({
    type: "VALIDATION_ERROR",
    data: { errors: expect.arrayContaining([expect.objectContaining({ field, rule })]) },
  });

describe("AjvValidator", () => {
  it("counts code points", () => {
    const text = check(Type.Object({ text: Type.String({ maxLength: 3 }) }));
    expect(text({ text: "👍🏽👍" })).toBe(true);
    expect(() => text({ text: "👍👍👍👍" })).toThrow(refusal("text", "maxLength"));
  });

  it("drops what the schema doesn't name, and coerces nothing", () => {
    const params = { n: 1, admin: true };
    expect(check(Type.Object({ n: Type.Integer() }))(params)).toBe(true);
    expect(params).toEqual({ n: 1 });
    expect(() => check(Type.Object({ n: Type.Integer() }))({ n: "1" })).toThrow(refusal("n", "type"));
  });

  it("tells every broken rule", () => {
    const both = check(Type.Object({ a: Type.String(), b: Type.String({ format: "http-url" }) }));
    const broken = () => both({ b: "javascript:alert(1)" });
    expect(broken).toThrow(refusal("a", "required"));
    expect(broken).toThrow(refusal("b", "format:http-url"));
  });
});

describe("in a broker", () => {
  let broker: ServiceBroker;
  beforeAll(async () => {
    broker = new ServiceBroker({ logger: false, validator: new AjvValidator() });
    broker.createService({
      name: "s",
      actions: {
        heavy: {
          params: Type.Object({ n: Type.Integer() }) as never,
          bulkhead: { enabled: true, concurrency: 1, maxQueueSize: 1 },
          handler: () => "done",
        },
      },
    });
    await broker.start();
  });
  afterAll(() => broker.stop());

  it("a failed validation leaves the bulkhead free", async () => {
    for (let index = 0; index < 5; index++) {
      await expect(broker.call("s.heavy", { n: "x" })).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
    }
    expect(await broker.call("s.heavy", { n: 1 })).toBe("done");
  });
});
