import { setTimeout as sleep } from "node:timers/promises";
import { joinMembers, type LoadMember, PASSWORD } from "../load/members.ts";

/** Milliseconds between two rounds. */
const PAUSE = 100;

interface Seen {
  failures: string[];
  times: number[];
  rounds: number;
}

/** What members do all day: log in, write, like, comment, and read it in their feeds. Everything must work, always. */
export class MemberRounds {
  readonly #url: string;
  readonly #members: readonly LoadMember[];
  /** Shared by all gateways. */
  readonly #seen: Seen;

  private constructor(url: string, members: readonly LoadMember[], seen: Seen) {
    this.#url = url;
    this.#members = members;
    this.#seen = seen;
  }

  static async join(url: string): Promise<MemberRounds> {
    return new MemberRounds(url, await joinMembers(url, 2), { failures: [], times: [], rounds: 0 });
  }

  /** The same members at another gateway. */
  at(url: string): MemberRounds {
    return new MemberRounds(url, this.#members, this.#seen);
  }

  /** One line for each request that didn't do what it should. */
  get failures(): readonly string[] {
    return this.#seen.failures;
  }

  /** Milliseconds of each request. */
  get times(): readonly number[] {
    return this.#seen.times;
  }

  get rounds(): number {
    return this.#seen.rounds;
  }

  reset(): void {
    Object.assign(this.#seen, { failures: [], times: [], rounds: 0 });
  }

  async repeat(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      await this.round();
      await sleep(PAUSE);
    }
  }

  async round(): Promise<void> {
    const [author, reader] = this.#members as [LoadMember, LoadMember];
    this.#seen.rounds++;
    const logIn = { email: reader.email, password: PASSWORD };
    await this.#do(undefined, "POST", "/authentication/login", logIn);
    const post = await this.#do(author, "POST", "/posts", { content: `hello ${crypto.randomUUID()}` });
    const id = Number(Object(post).id);
    await this.#do(reader, "POST", `/posts/${id}/like`);
    await this.#do(reader, "POST", "/comments", { postId: id, content: "hello" });
    await this.#do(reader, "GET", `/timeline/posts/${id}`);
    const feed = await this.#do(reader, "GET", "/timeline/posts/followings");
    const [first] = (Object(feed).content ?? []) as { id: number; liked: boolean; commentCount: number }[];
    if (first?.id !== id || !first.liked || first.commentCount !== 1) {
      this.#seen.failures.push(`the feed begins with ${JSON.stringify(first)}, not with post ${id}`);
    }
  }

  async statusOf(path: string): Promise<number> {
    const [, reader] = this.#members as [LoadMember, LoadMember];
    const answer = await fetch(`${this.#url}/api${path}`, { headers: authorizationOf(reader) });
    await answer.arrayBuffer();
    return answer.status;
  }

  /** What the API answered; a failure is noted. */
  async #do(member: LoadMember | undefined, method: string, path: string, body?: object): Promise<unknown> {
    const startedAt = performance.now();
    try {
      const answer = await fetch(`${this.#url}/api${path}`, {
        method,
        headers: authorizationOf(member),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const { data } = (await answer.json()) as { data?: unknown };
      if (answer.status !== 200) this.#seen.failures.push(`${method} ${path}: ${answer.status}`);
      return data;
    } catch (error) {
      this.#seen.failures.push(`${method} ${path}: ${error}`);
      return undefined;
    } finally {
      this.#seen.times.push(performance.now() - startedAt);
    }
  }
}

function authorizationOf(member: LoadMember | undefined): Record<string, string> {
  return member ? { authorization: `Bearer ${member.accessToken}` } : {};
}
