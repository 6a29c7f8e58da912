import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import type { Endpoint } from "../../services/api/endpoints.ts";
import { publishedEndpoints } from "../../services/index.ts";
import { type App, startApp } from "../support/app.ts";
import { Client, PASSWORD, type Session } from "../support/client.ts";

/** Every endpoint answers exactly what its documentation says: no property missing, none beyond. */

const all = publishedEndpoints(configOrThrow({}));
/** Without those that take or give files, which test/http/images.test.ts calls. */
const endpoints = all.filter(({ rest }) => rest.upload === undefined && rest.answer === undefined);
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv, ["date-time", "date", "uuid"]);

let app: App;
let anyone: Client;
let caller: Session;
let other: Session;
let ids: Record<string, number>;
let activityIds: Record<"read" | "like", string>;

beforeAll(async () => {
  app = await startApp();
  anyone = new Client(app.url);
  [caller, other] = [await anyone.join(), await anyone.join()];
  const [me, them] = [anyone.as(caller), anyone.as(other)];
  await me.post(`/api/members/follow/${other.memberId}`);
  await them.post(`/api/members/follow/${caller.memberId}`);
  const own = (await me.post("/api/posts", { title: "제목", content: "내 글" })).body.data.id;
  const post = (await them.post("/api/posts", { content: "남의 글" })).body.data.id;
  const comment = (await me.post("/api/comments", { postId: post, content: "댓글" })).body.data.id;
  const ownComment = (await me.post("/api/comments", { postId: own, content: "댓글" })).body.data.id;
  const reply = (await them.post("/api/comments/replies", { postId: post, parentId: comment, content: "답" }))
    .body.data.id;
  ids = { own, post, comment, ownComment, reply };
  const recorded = async (path: string, activityType: string) =>
    (await me.post(`/api/member-activities/${path}`, { postId: post, activityType })).body.data.id;
  await them.post("/api/member-activities/posts/likes", { postId: post, activityType: "LIKE_POST" });
  activityIds = {
    read: await recorded("posts", "POST_READ"),
    like: await recorded("posts/likes", "LIKE_POST"),
  };
  const found = (what: string) => me.get(`/api/search/${what}`).then(({ body }) => body.data?.totalElements);
  for (const what of ["posts?keyword=남의", "comments?keyword=댓글", `members?keyword=${other.handle}`])
    await vi.waitUntil(() => found(what), { timeout: 60_000 });
});
afterAll(async () => {
  await app.stop();
});

function exact(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(exact);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, exact(value)]));
  return inner.type === "object" ? { ...inner, additionalProperties: false } : inner;
}

function dataSchemaOf({ rest, returns }: Endpoint): object {
  const carriesTokens = rest.session === "opens" || rest.session === "renews";
  return exact(carriesTokens ? returns.properties.data : returns) as object;
}

/** How each endpoint is called once; in this order, since some end what others need. */
const CALLS: Readonly<
  Record<string, (endpoint: Endpoint) => [path: string, body?: unknown, headers?: Record<string, string>]>
> = {
  "POST /authentication/signup": () => [
    "",
    { email: "answer@example.com", password: PASSWORD, memberName: "이름", handle: "answer" },
  ],
  "POST /authentication/login": () => ["", { email: `${other.handle}@example.com`, password: PASSWORD }],
  "POST /posts": () => ["", { content: "글" }],
  "PUT /posts/{id}": () => [`/posts/${ids.own}`, { content: "고친 글" }],
  "POST /comments": () => ["", { postId: ids.post, content: "댓글" }],
  "POST /comments/replies": () => ["", { postId: ids.post, parentId: ids.reply, content: "답" }],
  "PUT /comments/{id}": () => [`/comments/${ids.ownComment}`, { content: "고친 댓글" }],
  "POST /comments/{id}/like": () => [`/comments/${ids.comment}/like`],
  "DELETE /comments/{id}/like": () => [`/comments/${ids.comment}/like`],
  "POST /members/query/in": () => ["", { ids: [caller.memberId, other.memberId] }],
  "PUT /members/profile": () => ["", { bio: "소개" }],
  "PUT /members/profile/handle": () => ["", { newHandle: `${caller.handle}_x` }],
  "POST /timeline/posts/query/list": () => ["", { ids: [ids.post, ids.own] }],
  "GET /timeline/posts/date-range": () => [
    `/timeline/posts/date-range?startDate=${new Date(Date.now() - 86_400_000).toISOString()}&endDate=${new Date(Date.now() + 86_400_000).toISOString()}`,
  ],
  "POST /member-activities/posts": () => ["", { postId: ids.post, activityType: "POST_READ" }],
  "POST /member-activities/posts/likes": () => ["", { postId: ids.post, activityType: "LIKE_POST" }],
  "POST /member-activities/comments": () => [
    "",
    { postId: ids.post, commentId: ids.comment, activityType: "COMMENT_READ" },
  ],
  "POST /member-activities/comments/likes": () => [
    "",
    { postId: ids.post, commentId: ids.comment, activityType: "LIKE_COMMENT" },
  ],
  "GET /search/posts": () => ["/search/posts?keyword=남의"],
  "GET /search/comments": () => ["/search/comments?keyword=댓글"],
  "GET /search/comments/posts/{postId}": () => [`/search/comments/posts/${ids.post}?keyword=댓글`],
  "GET /search/members": () => [`/search/members?keyword=${other.handle}`],
  "POST /images/view/command/delete/in": () => ["", { imageUrls: ["/api/images/view/x"] }],
  "PUT /member-activities/{id}": () => [
    `/member-activities/${activityIds.like}`,
    { activityType: "LIKE_POST_CANCEL" },
  ],
  "DELETE /member-activities/{id}": () => [`/member-activities/${activityIds.read}`],
  "GET /members/profile/@{handle}": () => [`/members/profile/@${other.handle}`],
  "DELETE /comments/{id}": () => [`/comments/${ids.ownComment}`],
  "DELETE /posts/{id}": () => [`/posts/${ids.own}`],
  "DELETE /members/follow/{memberId}": () => [`/members/follow/${other.memberId}`],
  "POST /members/follow/{memberId}": () => [`/members/follow/${other.memberId}`],
  "POST /token/refresh": () => ["", undefined, { cookie: `refresh_token=${other.refreshToken}` }],
};
const LATE = [
  "DELETE /members/follow/{memberId}",
  "POST /members/follow/{memberId}",
  "DELETE /comments/{id}",
  "DELETE /posts/{id}",
];
const LAST = [
  "PUT /authentication/password",
  "POST /authentication/logout",
  "POST /authentication/logout-all",
  "DELETE /authentication/deactivate",
  "POST /authentication/refresh",
  "POST /token/refresh",
];

function rank(endpoint: Endpoint): number {
  const name = `${endpoint.method} ${endpoint.path}`;
  if (LAST.includes(name)) return 1_000 + LAST.indexOf(name);
  if (LATE.includes(name)) return 500 + LATE.indexOf(name);
  const known = Object.keys(CALLS).indexOf(name);
  return known === -1 ? 400 : known;
}

/** Each of these needs a session of its own. */
async function callLast(name: string): Promise<ReturnType<Client["send"]>> {
  const session = await anyone.join("last");
  const [method = "", path = ""] = name.split(" ");
  const bodies: Record<string, unknown> = {
    "PUT /authentication/password": { currentPassword: PASSWORD, newPassword: "Other#day2" },
    "DELETE /authentication/deactivate": { password: PASSWORD },
  };
  const client = anyone.as(session).with({ cookie: `refresh_token=${session.refreshToken}` });
  return client.send(method, `/api${path}`, bodies[name]);
}

describe("answers", () => {
  const ordered = [...endpoints].sort((a, b) => rank(a) - rank(b));
  it.each(ordered.map((endpoint): [string, Endpoint] => [`${endpoint.method} ${endpoint.path}`, endpoint]))(
    "%s",
    async (name, endpoint) => {
      const [given = "", body, headers = {}] = CALLS[name]?.(endpoint) ?? [];
      const path =
        given ||
        endpoint.path
          .replace("{memberId}", String(other.memberId))
          .replace(/\{id\}/, String(idFor(endpoint)));
      const answer = LAST.includes(name)
        ? await callLast(name)
        : await anyone.as(caller).with(headers).send(endpoint.method, `/api${path}`, body);
      expect([name, answer.status, answer.body]).toEqual([name, 200, expect.anything()]);
      expect(answer.body).toEqual({
        status: endpoint.rest.status ?? 200,
        result: "SUCCESS",
        data: answer.body.data,
      });
      const check = ajv.compile(dataSchemaOf(endpoint));
      expect([name, check(answer.body.data), check.errors]).toEqual([name, true, null]);
    },
  );
});

function idFor({ path }: Endpoint): number {
  if (path.startsWith("/members")) return other.memberId;
  if (path.includes("/comments/{id}")) return ids.comment ?? 0;
  return ids.post ?? 0;
}
