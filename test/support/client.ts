/** An answer of the API, read to the end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON, else the text. */
  readonly body: AnswerBody;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
type AnswerBody = any;

export interface Session {
  readonly memberId: number;
  readonly handle: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export const PASSWORD = "Sunny#day1";

let members = 0;

/** Talks to one gateway, as somebody or as nobody. */
export class Client {
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.url = url;
    this.#headers = headers;
  }

  with(headers: Readonly<Record<string, string>>): Client {
    return new Client(this.url, { ...this.#headers, ...headers });
  }

  as(session: Pick<Session, "accessToken">): Client {
    return this.with({ authorization: `Bearer ${session.accessToken}` });
  }

  get authorization(): string {
    return this.#headers.authorization ?? "";
  }

  at(url: string): Client {
    return new Client(url, this.#headers);
  }

  get(path: string): Promise<Answer> {
    return this.send("GET", path);
  }

  post(path: string, body?: unknown): Promise<Answer> {
    return this.send("POST", path, body);
  }

  put(path: string, body?: unknown): Promise<Answer> {
    return this.send("PUT", path, body);
  }

  delete(path: string, body?: unknown): Promise<Answer> {
    return this.send("DELETE", path, body);
  }

  /** A text is sent as it is, anything else as JSON. */
  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(text === undefined ? {} : { "content-type": "application/json" }), ...this.#headers },
      body: text,
    });
    const received = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") && received !== "";
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(received) : received,
    };
  }

  /** Signs a new member up and logs in. */
  async join(prefix = "member"): Promise<Session> {
    const handle = `${prefix}_${process.pid}_${++members}`.slice(0, 50);
    const signup = await this.post("/api/authentication/signup", {
      email: `${handle}@example.com`,
      password: PASSWORD,
      memberName: "이름",
      handle,
    });
    if (signup.status !== 200) throw new Error(`Sign-up failed: ${JSON.stringify(signup.body)}`);
    return this.login(handle);
  }

  async login(handle: string, password = PASSWORD): Promise<Session> {
    const answer = await this.post("/api/authentication/login", { email: `${handle}@example.com`, password });
    if (answer.status !== 200) throw new Error(`Log-in failed: ${JSON.stringify(answer.body)}`);
    return { memberId: answer.body.data.memberId, handle, ...tokensOf(answer) };
  }

  /** Exchanges a refresh token, given as a cookie. */
  refresh(refreshToken: string): Promise<Answer> {
    return this.with({ cookie: `refresh_token=${refreshToken}` }).post("/api/authentication/refresh");
  }
}

/** The tokens that an answer brought. */
export function tokensOf(answer: Answer): { accessToken: string; refreshToken: string } {
  const accessToken = answer.headers.get("authorization")?.replace("Bearer ", "") ?? "";
  const cookie = answer.headers.getSetCookie().find((text) => text.startsWith("refresh_token="));
  return { accessToken, refreshToken: cookie?.split(";", 1)[0]?.slice("refresh_token=".length) ?? "" };
}
