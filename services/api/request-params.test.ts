import { Type } from "@sinclair/typebox";
import { describe, expect, it } from "vitest";
import type { Endpoint } from "./endpoints.ts";
import { readParamsOrThrow } from "./request-params.ts";

function endpoint(method: "GET" | "POST", pathParameters: readonly string[] = []): Endpoint {
  return {
    action: "s.a",
    method,
    path: "/x",
    pathParameters,
    isMainPath: true,
    rest: { method, path: "/x" },
    params: Type.Object({
      id: Type.Integer(),
      size: Type.Integer(),
      flag: Type.Boolean(),
      text: Type.String(),
    }),
    returns: Type.Boolean(),
  };
}

const nothing = { path: {}, query: {}, body: undefined };

describe("readParamsOrThrow", () => {
  it("turns texts of path and query into what the schema wants", () => {
    const parts = {
      ...nothing,
      path: { id: "7" },
      query: { size: "20", flag: "true", text: "12", other: "x" },
    };
    expect(readParamsOrThrow(endpoint("GET", ["id"]), parts)).toEqual({
      id: 7,
      size: 20,
      flag: true,
      text: "12",
    });
  });

  it.each(["", "abc", "1.5", "1e3", "0x10", " 7", "99999999999999999999"])(
    "leaves %o for the validation",
    (id) => {
      expect(readParamsOrThrow(endpoint("GET", ["id"]), { ...nothing, path: { id } })).toEqual({ id });
    },
  );

  it("takes bodies as they are, and never a path parameter from them", () => {
    const parts = { path: { id: "7" }, query: { size: "1" }, body: { id: 8, size: "20", admin: true } };
    expect(readParamsOrThrow(endpoint("POST", ["id"]), parts)).toEqual({ id: 7, size: "20" });
  });

  it.each([[[]], ["text"], [7]])("refuses %o as a body", (body) => {
    expect(() => readParamsOrThrow(endpoint("POST"), { ...nothing, body })).toThrow(
      expect.objectContaining({ type: "VALIDATION_ERROR" }),
    );
  });
});
