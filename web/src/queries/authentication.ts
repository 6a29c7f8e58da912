import { SessionEndedError } from "../api/api-error.ts";
import { session } from "../api/browser-session.ts";
import { call, callAsNobody } from "../api/call.ts";
import type { Operations } from "../api/generated/schema.ts";
import { forgetDrafts } from "../lib/drafts.ts";
import { queryClient } from "./query-client.ts";

export async function logIn(email: string, password: string): Promise<void> {
  const { data, response } = await callAsNobody("POST /authentication/login", { email, password });
  await session.begin(data.memberId, response);
}

export async function signUp(body: Operations["POST /authentication/signup"]["body"]): Promise<void> {
  await callAsNobody("POST /authentication/signup", body);
}

/** Out here even when the server can't be told; answers whether it was. */
export async function logOut(): Promise<"everywhere" | "here"> {
  const reach = await call("POST /authentication/logout").then(
    () => "everywhere" as const,
    (error: unknown) => (error instanceof SessionEndedError ? "everywhere" : "here"),
  );
  await leave();
  return reach;
}

export async function logOutEverywhere(): Promise<void> {
  await call("POST /authentication/logout-all");
  await leave();
}

export async function withdraw(password: string): Promise<void> {
  await call("DELETE /authentication/deactivate", { body: { password } });
  await leave();
}

export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  await call("PUT /authentication/password", { body: { currentPassword, newPassword } });
}

/** On purpose, so that nothing of the member stays on this device. */
async function leave(): Promise<void> {
  const { current } = session;
  if (current) forgetDrafts(current.memberId);
  await session.end("logged-out");
  queryClient.clear();
}
