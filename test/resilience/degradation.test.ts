import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SERVICE_NAMES } from "../../config/services.ts";
import { type App, startApp } from "../support/app.ts";
import { Client, type Session } from "../support/client.ts";

/** Feed and posting, while something they can do without is away. */

const without = (name: string) => ({ SERVICES: SERVICE_NAMES.filter((other) => other !== name).join(",") });
/** Where nobody listens. */
const NOWHERE = "127.0.0.1:1";

const CASES = [
  { away: "search", variables: without("search"), path: "/api/search/posts?keyword=hello" },
  { away: "activity", variables: without("activity"), path: "/api/member-activities" },
  { away: "image", variables: without("image"), path: `/api/images/view/${crypto.randomUUID()}` },
  { away: "Kafka", variables: { KAFKA_BROKERS: NOWHERE }, path: undefined },
  { away: "Redis", variables: { REDIS_URL: `redis://${NOWHERE}` }, path: undefined },
] as const;

describe.each(CASES)("without $away", ({ variables, path }) => {
  let app: App;
  let client: Client;
  let author: Session;
  let reader: Session;

  beforeAll(async () => {
    app = await startApp({ LOG_LEVEL: "fatal", ...variables });
    client = new Client(app.url);
    author = await client.join("author");
    reader = await client.join("reader");
  });
  afterAll(() => app.stop());

  it("members write, follow, like, and find it in their feeds", async () => {
    const [asAuthor, asReader] = [client.as(author), client.as(reader)];
    expect((await asReader.post(`/api/members/follow/${author.memberId}`)).status).toBe(200);
    const { status, body } = await asAuthor.post("/api/posts", { content: "hello" });
    expect(status).toBe(200);
    const { id } = body.data;
    expect((await asReader.post(`/api/posts/${id}/like`)).status).toBe(200);
    const feed = await asReader.get("/api/timeline/posts/followings");
    expect(feed.body.data.content).toMatchObject([
      { id, content: "hello", authorHandle: author.handle, likeCount: 1, liked: true },
    ]);
    expect((await asReader.get(`/api/timeline/posts/${id}`)).status).toBe(200);
    const profile = await asAuthor.put("/api/members/profile", { bio: "Still here" });
    expect(profile.status).toBe(200);
  });

  it.skipIf(path === undefined)("what it would do is 503 at once, with Retry-After", async () => {
    const answer = await client.as(reader).get(String(path));
    expect([answer.status, answer.body.code]).toEqual([503, "SERVICE_UNAVAILABLE"]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("nobody is let in without a token that is good", async () => {
    for (const client of [new Client(app.url), new Client(app.url).as({ accessToken: "x.y.z" })]) {
      expect((await client.get("/api/timeline/posts/followings")).status).toBe(401);
    }
    expect((await client.as(author).post("/api/authentication/logout")).status).toBe(200);
    expect((await client.as(author).get("/api/timeline/posts/followings")).status).toBe(401);
  });
});
