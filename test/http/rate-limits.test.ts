import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, startApp } from "../support/app.ts";
import { Client, tokensOf } from "../support/client.ts";

let app: App;
let client: Client;

beforeAll(async () => {
  app = await startApp({
    RATE_LIMIT: "40",
    RATE_LIMIT_LOGIN: "3",
    RATE_LIMIT_SIGNUP: "6",
    RATE_LIMIT_REFRESH: "3",
    TRUST_PROXY: "1",
  });
  client = new Client(app.url);
});
afterAll(async () => {
  await app.stop();
});

const from = (address: string) => client.with({ "x-forwarded-for": address });

async function statuses(count: number, request: () => Promise<{ status: number }>): Promise<number[]> {
  const seen: number[] = [];
  for (let index = 0; index < count; index++) seen.push((await request()).status);
  return seen;
}

describe("rate limits", () => {
  it("of a member: the surplus gets 429 with Retry-After, whatever the address; others are not hurt", async () => {
    const session = await from("10.0.0.1").join();
    const other = await from("10.0.0.1").join();
    const seen = await statuses(41, () =>
      from(`10.1.0.${Math.trunc(Math.random() * 250)}`)
        .as(session)
        .get("/api/members"),
    );
    expect(seen).toEqual([...new Array(40).fill(200), 429]);
    const refused = await from("10.0.0.2").as(session).get("/api/members");
    expect(refused.body.code).toBe("TOO_MANY_REQUEST");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    expect((await from("10.0.0.1").as(other).get("/api/members")).status).toBe(200);
  });

  it("of an address without a good token, which can't be forged by more hops", async () => {
    const seen = await statuses(41, () =>
      client.with({ "x-forwarded-for": `1.2.3.${Math.random()}, 10.0.0.9` }).get("/api/members"),
    );
    expect(seen).toEqual([...new Array(40).fill(401), 429]);
    expect((await from("10.0.0.10").get("/api/members")).status).toBe(401);
  });

  it("of log-ins: per e-mail and address, before any hashing", async () => {
    const { handle } = await from("10.0.1.1").join();
    const attempt = (address: string, email: string) =>
      from(address).post("/api/authentication/login", { email, password: "Wrong#pass1" });
    const email = `${handle}@example.com`;
    // join() logged in once from here.
    expect(await statuses(3, () => attempt("10.0.1.1", email))).toEqual([401, 401, 429]);
    expect((await attempt("10.0.1.1", email.toUpperCase())).status).toBe(429);
    expect((await attempt("10.0.1.2", email)).status).toBe(401);
    expect((await attempt("10.0.1.1", "other@example.com")).status).toBe(401);
  });

  it("of sign-ups: per address", async () => {
    const attempt = () => from("10.0.2.1").post("/api/authentication/signup", { email: "x" });
    expect(await statuses(7, attempt)).toEqual([...new Array(6).fill(400), 429]);
  });

  it("of refreshes: per session, per address only for unknown tokens", async () => {
    const session = await from("10.0.3.1").join();
    let token = session.refreshToken;
    const refresh = async (address: string) => {
      const answer = await from(address).refresh(token);
      token = tokensOf(answer).refreshToken || token;
      return answer;
    };
    expect(await statuses(4, () => refresh(`10.0.3.${Math.trunc(Math.random() * 250)}`))).toEqual([
      200, 200, 200, 429,
    ]);
    const limited = await refresh("10.0.3.1");
    expect(limited.headers.getSetCookie()).toEqual([]);
    const other = await from("10.0.3.1").join();
    expect((await from("10.0.3.1").refresh(other.refreshToken)).status).toBe(200);
    expect(await statuses(4, () => from("10.0.3.9").refresh("unknown"))).toEqual([401, 401, 401, 429]);
  });

  it("never clears the cookie with a 429", async () => {
    await statuses(4, () => from("10.0.4.1").refresh("unknown"));
    const limited = await from("10.0.4.1").refresh("unknown");
    expect([limited.status, limited.headers.getSetCookie()]).toEqual([429, []]);
  });
});
