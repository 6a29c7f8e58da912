import { Type } from "@sinclair/typebox";
import { describe, expect, it } from "vitest";
import { actionsOf } from "../../contracts/action.ts";
import { AllowedMethods, endpointsOf } from "./endpoints.ts";

const action = actionsOf();
const get = (path: string | readonly string[]) =>
  action({
    rest: { method: "GET", path },
    params: Type.Object({}),
    returns: Type.Boolean(),
    handler: () => true,
  });

describe("endpoints", () => {
  it("puts literal paths before parameters, and half-literal ones between", () => {
    const actions = {
      a: get("/x/{id}"),
      b: get("/x/popular"),
      c: get("/x/@{handle}"),
      d: get("/x/{id}/likes"),
    };
    const paths = endpointsOf([{ name: "s", actions }]).map(({ path }) => path);
    expect(paths).toEqual(["/x/popular", "/x/@{handle}", "/x/{id}", "/x/{id}/likes"]);
  });

  it("makes an endpoint of each alias and leaves unpublished actions out", () => {
    const hidden = action({ params: Type.Object({}), returns: Type.Boolean(), handler: () => true });
    const found = endpointsOf([{ name: "s", actions: { a: get(["/one", "/two/{id}"]), hidden } }]);
    expect(found.map((e) => [e.action, e.path, e.pathParameters, e.isMainPath])).toEqual([
      ["s.a", "/one", [], true],
      ["s.a", "/two/{id}", ["id"], false],
    ]);
  });

  it("knows the methods of a path", () => {
    const allowed = new AllowedMethods([
      { method: "GET", path: "/api/posts/{id}" },
      { method: "DELETE", path: "/api/posts/{id}" },
      { method: "POST", path: "/api/posts" },
    ]);
    expect(allowed.of("/api/posts/7")).toEqual(["DELETE", "GET", "HEAD"]);
    expect(allowed.of("/api/posts/")).toEqual(["POST"]);
    expect(allowed.of("/api/posts/7/likes")).toEqual([]);
  });
});
