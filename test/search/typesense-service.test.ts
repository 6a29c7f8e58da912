import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { reportHealth } from "../../lib/health/health-check.ts";
import { highlights } from "../../lib/search/engine.ts";
import { TypesenseIndex } from "../../lib/search/typesense/typesense-index.ts";
import contentService from "../../services/content/content.service.ts";
import memberService from "../../services/member/member.service.ts";
import searchService from "../../services/search/search.service.ts";
import type { SearchThis } from "../../services/search/search.types.ts";
import timelineService from "../../services/timeline/timeline.service.ts";
import { insertMember } from "../support/fixtures.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";
import { API_KEY, type TypesenseDouble } from "./typesense-double/server.ts";
import { startDouble } from "./typesense-double/start.ts";

interface Page {
  readonly content: readonly { readonly id: number; readonly highlights: readonly object[] }[];
}

let double: TypesenseDouble;
let app: ServiceUnderTest;
let author: number;

beforeAll(async () => {
  double = await startDouble();
  const makeIndex = () => new TypesenseIndex({ url: double.url, apiKey: API_KEY, namespace: "test" });
  // The server comes later than the service.
  await double.stop();
  app = await startServices({ publishing: "on" }, memberService, contentService, timelineService, (config) =>
    searchService(config, { makeIndex, highlights }),
  );
  author = await insertMember(app.database, "author");
});
afterAll(async () => {
  await app.stop();
  await double.stop();
  expect(double.violations).toEqual([]);
});

const search = async (keyword: string) =>
  (await app.call<Page>("search.searchPosts", { keyword }, author)).content;
const found = (keyword: string) =>
  expect.poll(async () => (await search(keyword)).map(({ id }) => id), { timeout: 30_000 });
const create = (content: string) =>
  app.call<{ id: number }>("content.createPost", { content }, author).then(({ id }) => id);
/** What the index lacks when the service starts is built in the background, once the server is there. */
const isBuilt = async () => {
  const { content } = await app.call<Page>("search.searchMembers", { keyword: "author" }, author);
  const { isRunning } = await app.call<{ isRunning: boolean }>("search.reindexProgress", {});
  return content.length === 1 && !isRunning;
};
const failing = async () => {
  const service = app.broker.getLocalService("search") as unknown as SearchThis;
  return (await reportHealth(service.healthChecks)).failing;
};

it("search on Typesense starts without it, follows the events, and bears outages", async () => {
  const before = await create("정전 전의 글");
  expect(await failing()).toEqual(["search"]);
  await expect(search("정전")).rejects.toMatchObject({ type: "SERVICE_UNAVAILABLE", code: 503 });

  await double.start();
  await found("정전").toEqual([before]);
  expect((await search("정전"))[0]?.highlights).toEqual([
    { field: "content", snippet: "<mark>정전</mark> 전의 글" },
  ]);
  await expect.poll(failing, { timeout: 30_000 }).toEqual([]);
  await expect.poll(isBuilt, { timeout: 30_000 }).toBe(true);

  await double.stop();
  await app.call("content.updatePost", { id: before, content: "고친 글" }, author);
  const during = await create("정전 중의 글");
  await expect(search("정전")).rejects.toMatchObject({ type: "SERVICE_UNAVAILABLE" });
  await double.start();
  await found("정전").toEqual([during]);
  await found("고친").toEqual([before]);
});

it("a rebuild waits out an outage while it switches", async () => {
  const refused = vi.fn();
  double.faultOf = ({ method }) => {
    // The driver asks twice.
    if (method !== "DELETE" || refused.mock.calls.length === 2) return undefined;
    refused();
    return "reset";
  };
  expect(await app.call("search.reindex", {})).toMatchObject({ outcome: "DONE" });
  expect(refused).toHaveBeenCalledTimes(2);
});

it("search on Typesense is rebuilt, and compared with the owners", async () => {
  const id = await create("무지개");
  await found("무지개").toEqual([id]);
  expect(await app.call("search.reindex", {})).toMatchObject({ outcome: "DONE" });
  expect((await search("무지개")).map((post) => post.id)).toEqual([id]);
  expect(await app.call("search.checkDrift", {})).toMatchObject({
    missing: { posts: 0, comments: 0, members: 0 },
    surplus: { posts: 0, comments: 0, members: 0 },
  });
});
