import type { Gateways, WriteRequest } from "./gateways.ts";
import type { Ledger } from "./ledger.ts";

/** What all writers know of each other. Posts in here are never deleted, so nobody's write meets a missing one. */
export interface World {
  readonly postIds: number[];
  readonly memberIds: number[];
}

interface Write extends Omit<WriteRequest, "token"> {
  /** As the ledger writes it; a function of the id that the answer tells. */
  readonly deed: string | ((id: number | "?") => string);
  /** What else is true once it is acknowledged. */
  readonly done?: (id: number) => void;
}

type Kind =
  | "create"
  | "edit"
  | "comment"
  | "edit comment"
  | "like"
  | "cancel"
  | "delete comment"
  | "delete post"
  | "follow"
  | "unfollow";

/** How many of a hundred writes are of each kind, as far as there is something to do it to. */
const MIX: readonly (readonly [Kind, number])[] = [
  ["create", 20],
  ["edit", 14],
  ["comment", 20],
  ["edit comment", 6],
  ["like", 16],
  ["cancel", 8],
  ["delete comment", 5],
  ["delete post", 3],
  ["follow", 5],
  ["unfollow", 3],
];
const PASSWORD = "Sunny#day1";
/** Of the posts that a member writes, one in this many is for itself, to be deleted. */
const PRIVATE_SHARE = 4;

/** One member who does one thing after the other, and knows at each moment what can be done. */
export class MemberWriter {
  readonly #gateways: Gateways;
  readonly #ledger: Ledger;
  readonly #world: World;
  readonly #random: () => number;
  readonly #ownPosts: number[] = [];
  readonly #privatePosts: number[] = [];
  readonly #comments: number[] = [];
  readonly #liked = new Set<number>();
  readonly #followed = new Set<number>();
  /** What a write with an unknown outcome was about: nobody knows how it is with those. */
  readonly #avoided = new Set<number>();
  #memberId = 0;
  #token = "";
  #written = 0;

  constructor(gateways: Gateways, ledger: Ledger, world: World, random: () => number) {
    this.#gateways = gateways;
    this.#ledger = ledger;
    this.#world = world;
    this.#random = random;
  }

  /** @throws Error when it is refused */
  async joinOrThrow(handle: string): Promise<void> {
    const email = `${handle}@example.com`;
    const signup = { email, password: PASSWORD, memberName: "writer", handle };
    const signed = await this.#gateways.send({
      method: "POST",
      path: "/authentication/signup",
      body: signup,
    });
    const login = { email, password: PASSWORD };
    const logged = await this.#gateways.send({ method: "POST", path: "/authentication/login", body: login });
    if (signed.kind !== "acknowledged" || logged.kind !== "acknowledged") {
      throw new Error(`${handle} could not join: ${JSON.stringify([signed, logged])}`);
    }
    this.#token = (logged.headers.get("authorization") ?? "").replace("Bearer ", "");
    this.#memberId = logged.data.memberId ?? 0;
    this.#world.memberIds.push(this.#memberId);
    this.#ledger.acknowledged.push(`MEMBER_SIGNUP###${this.#memberId}`, `MEMBER_LOGIN###${this.#memberId}`);
  }

  /** One write of a random kind, once. */
  async write(): Promise<void> {
    const { deed, done, ...request } = this.#next();
    const outcome = await this.#gateways.send({ ...request, token: this.#token });
    if (outcome.kind === "acknowledged") {
      const id = outcome.data.id ?? 0;
      this.#ledger.acknowledged.push(typeof deed === "string" ? deed : deed(id));
      this.#ledger.latencies.push(outcome.milliseconds);
      done?.(id);
    } else {
      if (outcome.kind === "refused") this.#ledger.failures.push(outcome.reason);
      this.#ledger.doubtful.push(typeof deed === "string" ? deed : deed("?"));
      if (outcome.kind === "unknown") this.#ledger.unknownReasons.push(outcome.reason);
      if (typeof deed === "string") for (const id of deed.match(/\d+/g) ?? []) this.#avoid(Number(id));
    }
  }

  #avoid(id: number): void {
    if (id === this.#memberId) return;
    this.#avoided.add(id);
    for (const list of [this.#ownPosts, this.#privatePosts, this.#comments]) {
      const index = list.indexOf(id);
      if (index >= 0) list.splice(index, 1);
    }
    this.#liked.delete(id);
    this.#followed.delete(id);
  }

  #next(): Write {
    let share = this.#random() * 100;
    const kind = MIX.find(([, percent]) => {
      share -= percent;
      return share < 0;
    })?.[0];
    return (kind && this.#writeOf(kind)) ?? this.#create();
  }

  #writeOf(kind: Kind): Write | undefined {
    const me = this.#memberId;
    const content = `${kind} ${++this.#written} of ${me}`;
    switch (kind) {
      case "create":
        return this.#create();
      case "edit":
        return this.#about(this.#ownPosts, (id) => ({
          method: "PUT",
          path: `/posts/${id}`,
          body: { content },
          deed: `POST_UPDATE###${id}###${me}`,
        }));
      case "comment":
        return this.#about(this.#world.postIds, (postId) => ({
          method: "POST",
          path: "/comments",
          body: { content, postId },
          deed: (id) => `COMMENT_CREATE###${id}###${me}`,
          done: (id) => this.#comments.push(id),
        }));
      case "edit comment":
        return this.#about(this.#comments, (id) => ({
          method: "PUT",
          path: `/comments/${id}`,
          body: { content },
          deed: `COMMENT_UPDATE###${id}###${me}`,
        }));
      case "like":
        return this.#about(this.#without(this.#world.postIds, this.#liked), (id) => ({
          method: "POST",
          path: `/posts/${id}/like`,
          deed: `LIKE_POST###${id}###${me}`,
          done: () => this.#liked.add(id),
        }));
      case "cancel":
        return this.#about([...this.#liked], (id) => ({
          method: "DELETE",
          path: `/posts/${id}/like`,
          deed: `LIKE_POST_CANCEL###${id}###${me}`,
          done: () => this.#liked.delete(id),
        }));
      case "delete comment":
        return this.#about(this.#comments, (id) => ({
          method: "DELETE",
          path: `/comments/${id}`,
          deed: `COMMENT_DELETE###${id}###${me}`,
          done: () => this.#comments.splice(this.#comments.indexOf(id), 1),
        }));
      case "delete post":
        return this.#about(this.#privatePosts, (id) => ({
          method: "DELETE",
          path: `/posts/${id}`,
          deed: `POST_DELETE###${id}###${me}`,
          done: () => this.#privatePosts.splice(this.#privatePosts.indexOf(id), 1),
        }));
      case "follow":
        return this.#about(this.#without(this.#world.memberIds, this.#followed), (id) => ({
          method: "POST",
          path: `/members/follow/${id}`,
          deed: `MEMBER_FOLLOW###${me}###${id}`,
          done: () => this.#followed.add(id),
        }));
      case "unfollow":
        return this.#about([...this.#followed], (id) => ({
          method: "DELETE",
          path: `/members/follow/${id}`,
          deed: `MEMBER_UNFOLLOW###${me}###${id}`,
          done: () => this.#followed.delete(id),
        }));
    }
  }

  #create(): Write {
    const isPrivate = this.#random() < 1 / PRIVATE_SHARE;
    return {
      method: "POST",
      path: "/posts",
      body: { content: `post ${++this.#written} of ${this.#memberId}` },
      deed: (id) => `POST_CREATE###${id}###${this.#memberId}`,
      done: (id) => {
        if (isPrivate) this.#privatePosts.push(id);
        else {
          this.#ownPosts.push(id);
          this.#world.postIds.push(id);
        }
      },
    };
  }

  #without(ids: readonly number[], taken: ReadonlySet<number>): readonly number[] {
    // The newest: several members at the same posts is what the order is about.
    return ids.slice(-50).filter((id) => !taken.has(id) && id !== this.#memberId);
  }

  #about(ids: readonly number[], write: (id: number) => Write): Write | undefined {
    const possible = ids.slice(-50).filter((id) => !this.#avoided.has(id));
    const id = possible[Math.floor(this.#random() * possible.length)];
    return id === undefined ? undefined : write(id);
  }
}
