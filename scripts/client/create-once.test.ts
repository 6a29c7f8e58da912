import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeAnswer, FakeApi, failure, success } from "../../test/support/fake-api.ts";
import { createAs, createOnce, findComment, findPost, signUpOnce } from "./create-once.ts";
import { MemberSession } from "./member-session.ts";
import { RestClient } from "./rest-client.ts";

const LOGGED_IN = success(
  { memberId: 5 },
  { authorization: "Bearer token", "set-cookie": "refresh_token=refresh; Path=/" },
);
const CREDENTIALS = { email: "a@b.example", password: "Secret1!" };

let api: FakeApi;
let client: RestClient;
let session: MemberSession;

beforeEach(() => {
  api = new FakeApi();
});

afterEach(() => api.stop());

/** Answers each path with its list in turn, the last one from then on. */
async function answering(answers: Readonly<Record<string, readonly FakeAnswer[]>>): Promise<void> {
  const asked = new Map<string, number>();
  const baseUrl = await api.start(({ path }) => {
    const name = path.replace("/api", "").replace(/\?.*/, "");
    const nth = asked.get(name) ?? 0;
    asked.set(name, nth + 1);
    const list = { "/authentication/login": [LOGGED_IN], ...answers }[name] ?? [];
    return list[Math.min(nth, list.length - 1)] ?? failure(404, "NOT_FOUND");
  });
  client = new RestClient({ baseUrl, wait: async () => {} });
  session = new MemberSession(client, CREDENTIALS);
}

const page = (...content: readonly unknown[]): FakeAnswer =>
  success({ content, hasNext: false, nextCursor: null });
const sent = (path: string): number =>
  api.requests.filter((request) => request.path === `/api${path}`).length;

const post = (mayExist = false): Promise<number> =>
  createOnce({
    client,
    mayExist,
    find: () => findPost(session, { content: "글", after: 7 }),
    create: () => createAs(session, "/posts", { content: "글" }),
  });

describe("createOnce", () => {
  test("creates without looking when nothing is in doubt", async () => {
    await answering({ "/posts": [success({ id: 9 })] });
    expect(await post()).toBe(9);
    expect(api.requests.map(({ path }) => path)).toEqual(["/api/authentication/login", "/api/posts"]);
  });

  test("takes what an earlier run made, if it is newer than the last one noted", async () => {
    await answering({ "/timeline/posts": [page({ id: 8, content: "글" })] });
    expect(await post(true)).toBe(8);
    expect(sent("/posts")).toBe(0);
  });

  test("is not misled by an older post of the same text", async () => {
    await answering({ "/timeline/posts": [page({ id: 7, content: "글" })], "/posts": [success({ id: 9 })] });
    expect(await post(true)).toBe(9);
  });

  test.each([
    ["lost", { reset: true }],
    ["a 504", failure(504, "GATEWAY_TIMEOUT")],
    ["a 500", failure(500, "INTERNAL_SERVER_ERROR")],
  ])("when the answer is %s, finds what was made", async (_, answer) => {
    await answering({ "/posts": [answer], "/timeline/posts": [page({ id: 8, content: "글" })] });
    expect(await post()).toBe(8);
    expect(sent("/posts")).toBe(1);
  });

  test("sends again what was not made", async () => {
    await answering({ "/posts": [{ reset: true }, success({ id: 9 })], "/timeline/posts": [page()] });
    expect(await post()).toBe(9);
    expect(sent("/posts")).toBe(2);
  });

  test("gives up in the end, and at once when the request itself is refused", async () => {
    await answering({ "/posts": [failure(503, "SERVICE_UNAVAILABLE")], "/timeline/posts": [page()] });
    await expect(post()).rejects.toMatchObject({ status: 503 });
    expect(sent("/posts")).toBe(6);
    api.stop();
    api = new FakeApi();
    await answering({ "/posts": [failure(400, "VALIDATION_ERROR")] });
    await expect(post()).rejects.toMatchObject({ status: 400 });
    expect(sent("/posts")).toBe(1);
  });
});

test("findComment matches text, post and parent, and gives each comment once", async () => {
  await answering({
    "/timeline/comments": [
      page(
        { id: 4, postId: 2, parentId: null, content: "ㅋㅋ" },
        { id: 3, postId: 2, parentId: 1, content: "ㅋㅋ" },
        { id: 2, postId: 2, parentId: null, content: "ㅋㅋ" },
      ),
    ],
  });
  const wanted = { postId: 2, parentId: null, content: "ㅋㅋ", taken: new Set<number>() };
  expect(await findComment(session, wanted)).toBe(4);
  expect(await findComment(session, wanted)).toBe(2);
  expect(await findComment(session, wanted)).toBeUndefined();
  expect(await findComment(session, { ...wanted, parentId: 1 })).toBe(3);
});

test("a sign-up whose answer got lost is found by log-in, and not sent twice", async () => {
  await answering({ "/authentication/signup": [{ reset: true }] });
  const request = { ...CREDENTIALS, memberName: "a b", handle: "abc" };
  expect(await signUpOnce(client, session, request)).toBe(5);
  expect(sent("/authentication/signup")).toBe(1);
});
