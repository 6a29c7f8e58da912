import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeAnswer, FakeApi, failure, success } from "../../test/support/fake-api.ts";
import { RestClient } from "./rest-client.ts";

let api: FakeApi;
let waits: number[];

beforeEach(() => {
  api = new FakeApi();
  waits = [];
});

afterEach(() => api.stop());

async function clientOf(...answers: readonly FakeAnswer[]): Promise<RestClient> {
  const baseUrl = await api.start((_, nth) => answers[Math.min(nth, answers.length - 1)] as FakeAnswer);
  return new RestClient({
    baseUrl,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
  });
}

test("sends JSON below /api and gives the envelope's data", async () => {
  const client = await clientOf(success({ id: 7 }));
  const response = await client.send({ method: "POST", path: "/posts", body: { content: "안녕" } });
  expect(response.data).toEqual({ id: 7 });
  expect(api.requests[0]).toMatchObject({ method: "POST", path: "/api/posts", body: '{"content":"안녕"}' });
  expect(api.requests[0]?.headers["content-type"]).toBe("application/json");
});

test("throws the code, message and fields of a failure", async () => {
  const client = await clientOf({
    status: 400,
    body: { code: "VALIDATION_ERROR", message: "wrong", errors: [{ field: "email", message: "no address" }] },
  });
  await expect(client.send({ method: "POST", path: "/x" })).rejects.toMatchObject({
    status: 400,
    code: "VALIDATION_ERROR",
    message: expect.stringContaining("400 VALIDATION_ERROR: wrong (email: no address)"),
  });
  expect(api.requests).toHaveLength(1);
});

test("waits as long as Retry-After says, for writes, too", async () => {
  const limited = failure(429, "TOO_MANY_REQUEST", { "retry-after": "7" });
  const client = await clientOf(limited, limited, success(true));
  await client.send({ method: "POST", path: "/posts", body: {} });
  expect(waits).toEqual([7000, 7000]);
  expect(client.statistics).toEqual({ requests: 3, rateLimitWaits: 2, repeats: 0 });
});

describe("repeats", () => {
  test.each([
    ["503", failure(503, "SERVICE_UNAVAILABLE")],
    ["504", failure(504, "GATEWAY_TIMEOUT")],
    ["a lost connection", { reset: true }],
  ])("a read after %s, each time later", async (_, answer) => {
    const client = await clientOf(answer, answer, success([1]));
    expect((await client.send({ method: "GET", path: "/x" })).data).toEqual([1]);
    expect(waits).toEqual([200, 400]);
  });

  test.each([
    ["503", failure(503, "SERVICE_UNAVAILABLE")],
    ["a lost connection", { reset: true }],
  ])("no write after %s, unless it may be repeated", async (_, answer) => {
    const client = await clientOf(answer, success(true));
    await expect(client.send({ method: "POST", path: "/posts" })).rejects.toThrow();
    expect(api.requests).toHaveLength(1);
    const again = await client.send({ method: "POST", path: "/posts/1/like", repeatable: true });
    expect(again.data).toBe(true);
  });

  test("not a 500", async () => {
    const client = await clientOf(failure(500, "INTERNAL_SERVER_ERROR"));
    await expect(client.send({ method: "GET", path: "/x" })).rejects.toMatchObject({ status: 500 });
    expect(api.requests).toHaveLength(1);
  });

  test("a bounded number of times", async () => {
    const client = await clientOf(failure(503, "SERVICE_UNAVAILABLE"));
    await expect(client.send({ method: "GET", path: "/x" })).rejects.toMatchObject({ status: 503 });
    expect(waits).toEqual([200, 400, 800, 1600, 3200, 5000]);
  });

  test("a write that was refused at the door", async () => {
    const baseUrl = await api.start(() => success(true));
    api.stop();
    const client = new RestClient({ baseUrl, wait: async (milliseconds) => void waits.push(milliseconds) });
    await expect(client.send({ method: "POST", path: "/posts" })).rejects.toThrow(
      "got no answer (ECONNREFUSED): is the system running",
    );
    expect(waits).toHaveLength(6);
  });
});

test("says so when something else answers", async () => {
  const client = await clientOf({ body: "<html>" });
  await expect(client.send({ method: "GET", path: "/x" })).rejects.toThrow("did not answer with JSON");
});
