import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorld, type World } from "./support/world.ts";

/** What all windows of all tests are held against: it must notice. */
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

it("notices requests to a path, with a parameter, or with a field outside of the OpenAPI file", async () => {
  const { page, complaints } = await world.openAs("curious", { expected: /status of \d+/ });
  await page.evaluate(async () => {
    await fetch("/api/timeline/posts?size=5&cursor=x");
    await fetch("/api/timeline/posts?size=5&order=title");
    await fetch("/api/timeline/secrets");
    await fetch("/api/timeline/posts", { method: "PATCH" });
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ content: "x", colour: "red" });
    await fetch("/api/posts", { method: "POST", headers, body });
  });
  expect(complaints).toEqual([
    "GET /api/timeline/posts: no query parameter order",
    "GET /api/timeline/secrets is not in the OpenAPI file",
    "PATCH /api/timeline/posts is not in the OpenAPI file",
    "POST /api/posts: no field colour",
  ]);
});
