import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, startProcess } from "../support/app.ts";
import { Client, PASSWORD, type Session } from "../support/client.ts";
import { openDatabase } from "../support/database.ts";
import { emptyStore, type Store } from "../support/service.ts";

/** Two processes on one database, used at once. */

let store: Store;
let apps: App[];
let client: Client;
let urls: string[];

beforeAll(async () => {
  store = await emptyStore();
  // At once, on an empty database: the migrations run once.
  apps = await Promise.all([startProcess(store), startProcess(store)]);
  urls = apps.map(({ url }) => url);
  client = new Client(urls[0] ?? "");
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  await store.remove();
});

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const anyOf = (session: Session, index: number) => client.at(urls[index % urls.length] ?? "").as(session);

describe("at once, through two processes", () => {
  it("50 likes of one member are one like", async () => {
    const author = await client.join();
    const fan = await client.join();
    const { id } = (await client.as(author).post("/api/posts", { content: "글" })).body.data;
    const answers = await times(50, (index) => anyOf(fan, index).post(`/api/posts/${id}/like`));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ body }) => body.code === "POST_LIKE_ALREADY_EXISTS");
    expect(refused).toHaveLength(49);
    expect((await client.as(author).get(`/api/timeline/statistics/posts/${id}`)).body.data.likeCount).toBe(1);
  });

  it("200 likes of 200 members are 200", async () => {
    const author = await client.join();
    const { id } = (await client.as(author).post("/api/posts", { content: "글" })).body.data;
    const fans: Session[] = [];
    // Not all at once: hashing has a bounded queue.
    while (fans.length < 200) fans.push(...(await times(20, () => client.join("fan"))));
    const answers = await times(200, (index) =>
      anyOf(fans[index] as Session, index).post(`/api/posts/${id}/like`),
    );
    expect(answers.map(({ status }) => status)).toEqual(new Array(200).fill(200));
    const read = await client.as(author).get(`/api/timeline/posts/${id}`);
    expect(read.body.data).toMatchObject({ likeCount: 200, updatedAt: read.body.data.createdAt });
  }, 300_000);

  it("20 sign-ups with one handle are one member", async () => {
    const answers = await times(20, (index) =>
      client.at(urls[index % 2] ?? "").post("/api/authentication/signup", {
        email: `wanted${index}@example.com`,
        password: PASSWORD,
        memberName: "이름",
        handle: index % 2 ? "Wanted" : "wanted",
      }),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === "MEMBER_HANDLE_ALREADY_EXISTS")).toHaveLength(19);
  });

  it("20 sign-ups with one e-mail are one member", async () => {
    const answers = await times(20, (index) =>
      client.at(urls[index % 2] ?? "").post("/api/authentication/signup", {
        email: index % 2 ? "One@example.com" : "one@example.com",
        password: PASSWORD,
        memberName: "이름",
        handle: `one_${index}`,
      }),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === "MEMBER_ALREADY_EXISTS")).toHaveLength(19);
  });

  it("the limit of 1,000 followings is exact", async () => {
    const follower = await client.join();
    const targets = await times(20, () => client.join("target"));
    const database = openDatabase(store);
    const followed = Array.from(
      { length: 990 },
      (_, index) => `(${follower.memberId}, ${1_000_000 + index}, 1)`,
    );
    await database.run(
      `INSERT INTO follows (follower_id, following_id, created_at) VALUES ${followed.join(", ")}`,
    );
    await database.run(`UPDATE profiles SET followings_count = 990 WHERE member_id = ${follower.memberId}`);
    const answers = await times(20, (index) =>
      anyOf(follower, index).post(`/api/members/follow/${targets[index]?.memberId}`),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(answers.filter(({ body }) => body.code === "FOLLOW_LIMIT_EXCEEDS")).toHaveLength(10);
    const [row] = await database.select<{ n: number }>(
      `SELECT COUNT(*) AS n FROM follows WHERE follower_id = ${follower.memberId}`,
    );
    expect(Number(row?.n)).toBe(1_000);
    expect((await client.as(follower).get("/api/members/summary")).body.data.followingsCount).toBe(1_000);
    await database.close();
  }, 300_000);

  it("mutual follows don't deadlock, and counters are exact", async () => {
    const circle = await times(6, () => client.join("circle"));
    const pairs = circle.flatMap((from) => circle.filter((to) => to !== from).map((to) => ({ from, to })));
    const answers = await Promise.all(
      pairs.map(({ from, to }, index) => anyOf(from, index).post(`/api/members/follow/${to.memberId}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(pairs.map(() => 200));
    for (const session of circle) {
      const { data } = (await client.as(session).get("/api/members/summary")).body;
      expect(data).toMatchObject({ followersCount: 5, followingsCount: 5, followingCount: 5 });
    }
  });

  it("replies and the deletion of their thread leave exact counters", async () => {
    const author = await client.join();
    const { id: postId } = (await client.as(author).post("/api/posts", { content: "글" })).body.data;
    const { id: root } = (await client.as(author).post("/api/comments", { postId, content: "뿌리" })).body
      .data;
    const replies = times(30, (index) =>
      anyOf(author, index).post("/api/comments/replies", { postId, parentId: root, content: `답 ${index}` }),
    );
    const deletion = client.as(author).delete(`/api/comments/${root}`);
    const answers = await replies;
    expect((await deletion).status).toBe(200);
    for (const { status, body } of answers)
      expect([200, "PARENT_COMMENT_NOT_FOUND"]).toContain(status === 200 ? 200 : body.code);
    expect(
      (await client.as(author).get(`/api/timeline/statistics/posts/${postId}`)).body.data.commentCount,
    ).toBe(0);
    expect((await client.as(author).get(`/api/timeline/posts/${postId}/comments`)).body.data.content).toEqual(
      [],
    );
  });

  it("a member sees the own write in the next read of the other process", async () => {
    const author = await client.join();
    for (let index = 0; index < 10; index++) {
      const { id } = (await anyOf(author, index).post("/api/posts", { content: `글 ${index}` })).body.data;
      const { data } = (await anyOf(author, index + 1).get("/api/timeline/posts?size=1")).body;
      expect(data.content[0].id).toBe(id);
    }
  });
});
