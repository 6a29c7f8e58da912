import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeAnswer, FakeApi, type FakeRequest, failure, success } from "../../test/support/fake-api.ts";
import { MemberSession } from "./member-session.ts";
import { RestClient } from "./rest-client.ts";

let api: FakeApi;
let issued: number;

beforeEach(() => {
  api = new FakeApi();
  issued = 0;
});

afterEach(() => api.stop());

/** Issues `token-1`, `token-2`, ... on log-in and refresh; everything else is answered by `answer`. */
async function sessionOf(answer: (request: FakeRequest) => FakeAnswer): Promise<MemberSession> {
  const baseUrl = await api.start((request) => {
    if (request.path === "/api/authentication/login" || request.path === "/api/token/refresh") {
      issued++;
      return success(
        { memberId: 5 },
        {
          authorization: `Bearer token-${issued}`,
          "set-cookie": `refresh_token=refresh-${issued}; Path=/; HttpOnly`,
        },
      );
    }
    return answer(request);
  });
  return new MemberSession(new RestClient({ baseUrl }), { email: "a@b.example", password: "Secret1!" });
}

const isSentWith = (request: FakeRequest, token: string): boolean =>
  request.headers.authorization === `Bearer ${token}`;
const paths = (): string[] => api.requests.map(({ path }) => path.replace("/api", ""));
const read = { method: "GET", path: "/members" } as const;

test("logs in once, at the first call, and sends the token", async () => {
  const session = await sessionOf((request) => success(request.headers.authorization));
  expect(await Promise.all([session.call(read), session.call(read)])).toEqual([
    "Bearer token-1",
    "Bearer token-1",
  ]);
  expect(paths()).toEqual(["/authentication/login", "/members", "/members"]);
  expect(JSON.parse(api.requests[0]?.body ?? "")).toEqual({ email: "a@b.example", password: "Secret1!" });
});

test("gives the member's id on log-in", async () => {
  expect(await (await sessionOf(() => success(1))).logIn()).toBe(5);
});

test("on 401 with refresh needed: refreshes once for all calls under way, then repeats each once", async () => {
  const session = await sessionOf((request) =>
    isSentWith(request, "token-1")
      ? failure(401, "JWT_EXPIRED", { "x-token-refresh-needed": "true" })
      : success("done"),
  );
  await session.logIn();
  expect(await Promise.all([session.call(read), session.call(read)])).toEqual(["done", "done"]);
  const refreshes = api.requests.filter(({ path }) => path === "/api/token/refresh");
  expect(refreshes.map(({ headers }) => headers.cookie)).toEqual(["refresh_token=refresh-1"]);
  expect(api.requests).toHaveLength(6);
});

test("does not repeat a second time", async () => {
  const session = await sessionOf(() => failure(401, "JWT_EXPIRED", { "x-token-refresh-needed": "true" }));
  await expect(session.call(read)).rejects.toMatchObject({ code: "JWT_EXPIRED" });
  expect(paths()).toEqual(["/authentication/login", "/members", "/token/refresh", "/members"]);
});

test("on a success with refresh needed: finishes, and refreshes before the next call", async () => {
  const session = await sessionOf((request) =>
    success("done", isSentWith(request, "token-1") ? { "x-token-refresh-needed": "true" } : {}),
  );
  await session.call(read);
  expect(paths()).toEqual(["/authentication/login", "/members"]);
  await session.call(read);
  await session.call(read);
  expect(paths().slice(2)).toEqual(["/token/refresh", "/members", "/members"]);
});

test("on re-login required: logs in again, then repeats", async () => {
  const session = await sessionOf((request) =>
    isSentWith(request, "token-1")
      ? failure(401, "TOKEN_BLACKLISTED", { "x-relogin-required": "true" })
      : success("done"),
  );
  expect(await session.call(read)).toBe("done");
  expect(paths()).toEqual(["/authentication/login", "/members", "/authentication/login", "/members"]);
});

test("throws a 401 that names neither way out", async () => {
  const session = await sessionOf(() => failure(401, "MEMBER_PASSWORD_INVALID"));
  await expect(session.call(read)).rejects.toMatchObject({ code: "MEMBER_PASSWORD_INVALID" });
  expect(paths()).toEqual(["/authentication/login", "/members"]);
});
