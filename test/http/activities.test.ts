import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, startProcess } from "../support/app.ts";
import { Client, type Session } from "../support/client.ts";
import { emptyStore, type Store } from "../support/service.ts";

const { TEST_KAFKA_BROKERS, TEST_MONGO_URL } = process.env;

/** The ways an event can take; those that need a server run where there is one. */
const WAYS: [name: string, variables: Record<string, string>][] = [
  ["the embedded log", {}],
  ["a call", { PUBLISH_TYPE: "call" }],
];
if (TEST_KAFKA_BROKERS) WAYS.push(["Kafka", { KAFKA_BROKERS: TEST_KAFKA_BROKERS }]);
else console.warn("SKIPPED: activities through Kafka: TEST_KAFKA_BROKERS is not set");
if (TEST_MONGO_URL) WAYS.push(["the embedded log, kept in MongoDB", { MONGO_URL: TEST_MONGO_URL }]);
else console.warn("SKIPPED: activities in MongoDB: TEST_MONGO_URL is not set");

/** Milliseconds; ends only what hangs. After a kill -9 Kafka gives a process's partitions away 10 s later. */
const SOON = { timeout: 60_000 };

describe.each(WAYS)("activities through %s", { timeout: 300_000 }, (_name, variables) => {
  let store: Store;
  let app: App;
  let client: Client;
  let author: Session;
  let fan: Session;

  beforeAll(async () => {
    store = await emptyStore();
    app = await startProcess(store, variables);
    client = new Client(app.url);
    [author, fan] = [await client.join(), await client.join()];
  });
  afterAll(async () => {
    await app.stop();
    await store.remove();
  });

  async function typesOf(session: Session): Promise<string[]> {
    const answer = await client.as(session).get("/api/member-activities?size=100");
    return answer.body.data.content.map((row: { memberActivityType: string }) => row.memberActivityType);
  }

  it("hold each deed of a member once, newest first", async () => {
    const [me, them] = [client.as(author), client.as(fan)];
    const post = (await me.post("/api/posts", { content: "글" })).body.data.id;
    await me.put(`/api/posts/${post}`, { content: "고친 글" });
    await them.post(`/api/members/follow/${author.memberId}`);
    await them.get(`/api/timeline/posts/${post}`);
    await them.post(`/api/posts/${post}/like`);
    const comment = (await them.post("/api/comments", { postId: post, content: "댓글" })).body.data.id;
    await them.put(`/api/comments/${comment}`, { content: "고친 댓글" });
    await them.get(`/api/timeline/comments/${comment}`);
    await me.post(`/api/comments/${comment}/like`);
    await me.delete(`/api/comments/${comment}/like`);
    await them.delete(`/api/posts/${post}/like`);
    await them.delete(`/api/comments/${comment}`);
    await them.delete(`/api/members/follow/${author.memberId}`);
    await me.delete(`/api/posts/${post}`);
    const again = await client.login(author.handle);
    await client.as(again).post("/api/authentication/logout");

    await expect
      .poll(() => typesOf(author).then((types) => types.toSorted()), SOON)
      .toEqual(
        [
          "MEMBER_SIGNUP",
          "MEMBER_LOGIN",
          "MEMBER_LOGIN",
          "MEMBER_LOGOUT",
          "POST_CREATE",
          "POST_UPDATE",
          "POST_DELETE",
          "LIKE_COMMENT",
          "LIKE_COMMENT_CANCEL",
        ].toSorted(),
      );
    await expect
      .poll(() => typesOf(fan).then((types) => types.toSorted()), SOON)
      .toEqual(
        [
          "MEMBER_SIGNUP",
          "MEMBER_LOGIN",
          "MEMBER_FOLLOW",
          "MEMBER_UNFOLLOW",
          "POST_READ",
          "COMMENT_READ",
          "LIKE_POST",
          "LIKE_POST_CANCEL",
          "COMMENT_CREATE",
          "COMMENT_UPDATE",
          "COMMENT_DELETE",
        ].toSorted(),
      );
  });

  it("of those I follow are told without reads, with who did it", async () => {
    const post = (await client.as(author).post("/api/posts", { content: "새 글" })).body.data.id;
    await client.as(author).get(`/api/timeline/posts/${post}`);
    await client.as(fan).post(`/api/members/follow/${author.memberId}`);
    const banner = () => client.as(fan).get("/api/member-activities/followings");
    await expect.poll(async () => (await banner()).body.data.content[0]?.postId, SOON).toBe(post);
    const [first, ...rest] = (await banner()).body.data.content;
    expect(first).toMatchObject({
      memberActivityType: "POST_CREATE",
      actorHandle: author.handle,
      memberId: author.memberId,
    });
    for (const row of [first, ...rest]) expect(row.memberActivityType).not.toMatch(/READ|MEMBER/);
  });

  it("that are not delivered yet are delivered after a kill and a restart", async () => {
    const session = await client.join();
    const writer = client.as(session);
    const posts = Array.from({ length: 30 }, (_, index) =>
      writer.post("/api/posts", { content: `글 ${index}` }),
    );
    await Promise.all(posts);
    await app.kill();
    app = await startProcess(store, variables);
    client = new Client(app.url);
    await expect
      .poll(async () => (await typesOf(session)).filter((type) => type === "POST_CREATE").length, SOON)
      .toBe(30);
  });
});
