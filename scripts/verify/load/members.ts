import { randomUUID } from "node:crypto";
import { RestClient } from "../../client/rest-client.ts";

/** Somebody who writes and reads. */
export interface LoadMember {
  readonly id: number;
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

const ATTEMPTS = 5;
export const PASSWORD = "Sunny#day1";

/** Signs members up who follow each other, so that feeds have something to show. */
export async function joinMembers(baseUrl: string, count: number): Promise<LoadMember[]> {
  const client = new RestClient({ baseUrl });
  const members: LoadMember[] = [];
  for (let index = 0; index < count; index++) members.push(await patiently(() => joinMember(client)));
  for (const { accessToken } of members) {
    for (const { id } of members.slice(0, 5)) {
      const headers = { authorization: `Bearer ${accessToken}` };
      // Oneself can't be followed.
      await patiently(() => client.send({ method: "POST", path: `/members/follow/${id}`, headers })).catch(
        (error: { status?: number }) => {
          if (error.status !== 400 && error.status !== 409) throw error;
        },
      );
    }
  }
  return members;
}

/** Again after a 503 or 504: processes that have just started, all at once, are slow at first. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const { status } = error as { status?: number };
      if (attempt === ATTEMPTS || (status !== 503 && status !== 504)) throw error;
    }
  }
}

async function joinMember(client: RestClient): Promise<LoadMember> {
  const handle = `load${randomUUID().replaceAll("-", "").slice(0, 12)}`;
  const email = `${handle}@example.com`;
  await client.send({
    method: "POST",
    path: "/authentication/signup",
    body: { email, password: PASSWORD, memberName: handle, handle },
  });
  const answer = await client.send<{ memberId: number }>({
    method: "POST",
    path: "/authentication/login",
    body: { email, password: PASSWORD },
  });
  const accessToken = String(answer.headers.get("authorization")).replace(/^Bearer /, "");
  const refreshToken = /refresh_token=([^;]+)/.exec(answer.headers.getSetCookie().join("\n"))?.[1] ?? "";
  return { id: answer.data.memberId, email, accessToken, refreshToken };
}
