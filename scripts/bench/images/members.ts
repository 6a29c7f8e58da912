import { MemberSession, signUp } from "../../client/member-session.ts";
import { RestClient } from "../../client/rest-client.ts";

const AUTHORS = 20;
const POSTS = 10;
const PASSWORD = "Sunny#day1";

/** A reader whose feed has some authors; answers the reader's Authorization header. */
export async function makeReader(url: string): Promise<string> {
  const client = new RestClient({ baseUrl: url });
  const reader = await join(client, "reader");
  for (let author = 1; author <= AUTHORS; author++) {
    const { id, session } = await join(client, `author${author}`);
    await reader.session.call({ method: "POST", path: `/members/follow/${id}` });
    for (let post = 1; post <= POSTS; post++) {
      const body = { content: `글 ${post} of author ${author}: 오늘 날씨가 정말 좋다!` };
      await session.call({ method: "POST", path: "/posts", body });
    }
  }
  const answer = await fetch(`${url}/api/authentication/login`, {
    method: "POST",
    body: JSON.stringify({ email: "reader@example.com", password: PASSWORD }),
  });
  return answer.headers.get("authorization") ?? "";
}

async function join(client: RestClient, handle: string) {
  const account = { email: `${handle}@example.com`, password: PASSWORD };
  const session = new MemberSession(client, account);
  const id = await signUp(client, { ...account, memberName: handle, handle });
  return { id, session };
}
