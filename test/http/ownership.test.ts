import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import type { Endpoint } from "../../services/api/endpoints.ts";
import { publishedEndpoints } from "../../services/index.ts";
import { type App, startApp } from "../support/app.ts";
import { type Answer, Client, PASSWORD, type Session } from "../support/client.ts";

/** Somebody else's post or comment can't be changed or deleted: by no endpoint, by no other way to write its path. */

const writes = publishedEndpoints(configOrThrow({})).filter(({ method }) => method !== "GET");
const TAKEN = "taken over";

let app: App;
let author: Client;
let authorSession: Session;
let stranger: Client;
let strangerSession: Session;
let texts: { post: number; comment: number; reply: number };

beforeAll(async () => {
  app = await startApp();
  const client = new Client(app.url);
  authorSession = await client.join("author");
  author = client.as(authorSession);
  await renewStranger();
  const post = await idOf(author.post("/api/posts", { title: "내 제목", content: "내 글" }));
  const comment = await idOf(author.post("/api/comments", { postId: post, content: "내 댓글" }));
  const reply = await idOf(
    author.post("/api/comments/replies", { postId: post, parentId: comment, content: "내 답글" }),
  );
  texts = { post, comment, reply };
});
afterAll(() => app.stop());

/** Endpoints that end a session end the stranger's. */
async function renewStranger(): Promise<void> {
  const client = new Client(app.url);
  strangerSession = await client.join("stranger");
  stranger = client.as(strangerSession);
}

async function idOf(answer: Promise<Answer>): Promise<number> {
  return (await answer).body.data.id;
}

/** What nobody but the author may move. */
async function ownedState() {
  const read = async (path: string) => {
    const { title, content, authorId, updatedAt, commentCount, replyCount } = (await author.get(path)).body
      .data;
    return { title, content, authorId, updatedAt, comments: commentCount ?? replyCount };
  };
  return {
    post: await read(`/api/timeline/posts/${texts.post}`),
    comment: await read(`/api/timeline/comments/${texts.comment}`),
    reply: await read(`/api/timeline/comments/${texts.reply}`),
  };
}

/** Every property that an endpoint could take, pointing at the author's things, with the author's name on it. */
function greedyBody(): Record<string, unknown> {
  const { post, comment, reply } = texts;
  return {
    ...{
      id: post,
      postId: post,
      commentId: comment,
      parentId: reply,
      ids: [post],
      memberId: authorSession.memberId,
    },
    ...{
      title: TAKEN,
      content: TAKEN,
      authorId: strangerSession.memberId,
      isDeleted: true,
      deletedAt: "2026-01-01",
    },
    ...{
      activityType: "POST_DELETE",
      imageUrls: [],
      password: PASSWORD,
      email: "x@example.com",
      handle: "xyz",
    },
  };
}

/** Those whose success would change somebody's text. */
const EDITS: [method: string, path: string, code: string][] = [
  ["PUT", "/posts/{post}", "POST_UPDATE_FORBIDDEN"],
  ["DELETE", "/posts/{post}", "POST_DELETE_FORBIDDEN"],
  ["PUT", "/comments/{comment}", "COMMENT_MODIFICATION_PERMISSION_DENIED"],
  ["DELETE", "/comments/{comment}", "COMMENT_DELETION_PERMISSION_DENIED"],
  ["PUT", "/comments/{reply}", "COMMENT_MODIFICATION_PERMISSION_DENIED"],
  ["DELETE", "/comments/{reply}", "COMMENT_DELETION_PERMISSION_DENIED"],
];

function pathOf(path: string): string {
  return `/api${path.replace(/\{(\w+)\}/, (_all, name: keyof typeof texts) => String(texts[name]))}`;
}

describe("what a stranger can't do to a post or comment", () => {
  it.each(EDITS)("%s %s is refused", async (method, path, code) => {
    const before = await ownedState();
    const answer = await stranger.send(method, pathOf(path), { title: TAKEN, content: TAKEN });
    expect([answer.status, answer.body.code]).toEqual([403, code]);
    expect(await ownedState()).toEqual(before);
  });

  it.each(EDITS)(
    "%s %s is refused without a token, with a log-in of its own id in the body",
    async (method, path) => {
      const before = await ownedState();
      const nobody = new Client(app.url);
      expect((await nobody.send(method, pathOf(path), greedyBody())).status).toBe(401);
      expect((await stranger.send(method, pathOf(path), greedyBody())).status).toBe(403);
      expect(await ownedState()).toEqual(before);
    },
  );

  it.each(EDITS)(
    "%s %s: another way to write the path, or another method in disguise",
    async (method, path) => {
      const before = await ownedState();
      const full = pathOf(path);
      const id = full.split("/").at(-1) ?? "";
      const encoded = [...id].map((digit) => `%3${digit}`).join("");
      const ways = [
        ...[`${full}/`, `${full}//`, full.replace("/api/", "/api//"), full.replace("/api/", "//api/")],
        ...[`${full}?memberId=${authorSession.memberId}`, `${full}?id=0`, `${full}#x`, `${full};a=b`],
        ...[
          full.replace(id, encoded),
          full.replace(id, `0${id}`),
          full.replace(id, `${id}.0`),
          full.replace(id, `+${id}`),
        ],
        ...[full.toUpperCase(), full.replace("/api", "/api/./"), full.replace("/api", "/x/../api")],
      ];
      for (const way of ways) {
        const answer = await stranger.send(method, way, { title: TAKEN, content: TAKEN });
        expect([way, answer.status >= 400]).toEqual([way, true]);
      }
      for (const header of ["x-http-method-override", "x-http-method", "x-method-override"]) {
        await stranger.with({ [header]: method }).post(full, { content: TAKEN });
        await stranger.with({ [header]: method }).get(full);
      }
      await stranger.post(`${full}?_method=${method}`, { content: TAKEN, _method: method });
      for (const header of ["x-member-id", "x-user-id", "memberid", "x-forwarded-user"]) {
        const forged = stranger.with({ [header]: String(authorSession.memberId) });
        expect((await forged.send(method, full, { content: TAKEN })).status).toBe(403);
      }
      expect(await ownedState()).toEqual(before);
    },
  );

  const named = writes.map((endpoint): [string, Endpoint] => [
    `${endpoint.method} ${endpoint.path}`,
    endpoint,
  ]);
  it.each(named)("%s moves nothing of the author's", async (_name, endpoint) => {
    const before = await ownedState();
    for (const id of Object.values(texts)) {
      const path = `/api${endpoint.path.replace(/\{\w+\}/g, String(id))}`;
      const answer = await stranger.send(endpoint.method, path, greedyBody());
      expect(answer.status).toBeLessThan(500);
      await stranger.send(endpoint.method, `${path}/`, { content: TAKEN });
      if ((await stranger.get("/api/members")).status === 401) await renewStranger();
    }
    const after = await ownedState();
    // Whoever may, comments and replies; that is the only thing of theirs that moves.
    if (/^\/comments(\/replies)?$/.test(endpoint.path)) {
      for (const state of [before, after]) for (const text of Object.values(state)) text.comments = 0;
    }
    expect(after).toEqual(before);
  });

  it("no action is reached by its name", async () => {
    const before = await ownedState();
    for (const path of [
      "/api/content/deletePost",
      "/api/content.deletePost",
      "/content/deletePost",
      "/api/~actions",
    ]) {
      const answer = await stranger.post(path, { id: texts.post });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    expect(await ownedState()).toEqual(before);
  });
});

describe("the author", () => {
  it("can do all of it", async () => {
    for (const [method, path] of EDITS.toReversed()) {
      const before = await ownedState();
      if (method === "DELETE") continue;
      const answer = await author.send(method, pathOf(path), { content: "고친 글" });
      expect([path, answer.status]).toEqual([path, 200]);
      expect(await ownedState()).not.toEqual(before);
    }
    for (const path of ["/comments/{reply}", "/comments/{comment}", "/posts/{post}"]) {
      expect([path, (await author.delete(pathOf(path))).status]).toEqual([path, 200]);
    }
    expect((await author.get(`/api/timeline/posts/${texts.post}`)).status).toBe(404);
  });
});
