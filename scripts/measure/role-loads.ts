import { photograph } from "../bench/images/load.ts";
import { type LoadMember, PASSWORD } from "../verify/load/members.ts";

/** What a pod of each role runs besides its gateway. */
export const ROLES = {
  member: "auth,member",
  content: "content",
  timeline: "timeline",
  activity: "activity",
  search: "search",
  image: "image",
  frontend: "",
} as const;

export type Role = keyof typeof ROLES;
export const ROLE_NAMES = Object.keys(ROLES) as Role[];

/** One kind of request: how often in a hundred, to which role, and how it is sent. */
interface Kind {
  readonly share: number;
  readonly role: Role;
  readonly send: (url: string) => Promise<Response>;
}

export interface Load {
  /** Requests a second. */
  readonly rate: number;
  readonly kinds: readonly Kind[];
}

export interface Subjects {
  readonly members: readonly LoadMember[];
  readonly postIds: readonly number[];
  readonly imageIds: readonly string[];
}

/**
 * The share of its own work that one pod of each role should bear, and two loads on the product as a whole: people who
 * only read, and people who only write.
 */
export async function loadsOf(
  subjects: Subjects,
): Promise<Readonly<Record<Role | "reads" | "writes", Load>>> {
  const requests = await requestsOf(subjects);
  const kind = (role: Role, share: number, send: Kind["send"]): Kind => ({ role, share, send });
  const writes = [
    kind("content", 30, requests.post),
    kind("content", 40, requests.comment),
    kind("content", 30, requests.like),
  ];
  const reads = [
    kind("timeline", 50, requests.feed),
    kind("timeline", 15, requests.recent),
    kind("timeline", 35, requests.detail),
  ];
  return {
    member: { rate: 100, kinds: [kind("member", 98, requests.profile), kind("member", 2, requests.logIn)] },
    content: { rate: 100, kinds: writes },
    timeline: { rate: 100, kinds: reads },
    // It records what others write as well.
    activity: { rate: 100, kinds: [kind("activity", 50, requests.activities), ...halved(writes)] },
    search: { rate: 50, kinds: [kind("search", 100, requests.search)] },
    image: { rate: 50, kinds: [kind("image", 4, requests.upload), kind("image", 96, requests.view)] },
    frontend: {
      rate: 100,
      kinds: [kind("frontend", 50, requests.page), kind("frontend", 50, requests.docs)],
    },
    reads: { rate: 100, kinds: [...halved(reads), kind("search", 50, requests.search)] },
    writes: { rate: 100, kinds: writes },
  };
}

const halved = (kinds: readonly Kind[]): readonly Kind[] =>
  kinds.map((kind) => ({ ...kind, share: kind.share / 2 }));

/** Sends one request of a load to the process that takes it. */
export function sender(load: Load, urlOf: (role: Role) => string): () => Promise<Response> {
  return () => {
    let ticket = Math.random() * 100;
    const kind = load.kinds.find(({ share }) => {
      ticket -= share;
      return ticket < 0;
    });
    const { role, send } = kind ?? (load.kinds.at(-1) as Kind);
    return send(urlOf(role));
  };
}

async function requestsOf({ members, postIds, imageIds }: Subjects) {
  const upload = new FormData();
  upload.append("image", new File([new Uint8Array(await photograph())], "photo.jpg"));
  const encoded = new Response(upload);
  const uploadType = encoded.headers.get("content-type") ?? "";
  const uploadBody = new Uint8Array(await encoded.arrayBuffer());

  const authorization = () => ({ authorization: `Bearer ${pick(members).accessToken}` });
  const get = (path: () => string) => (url: string) => fetch(`${url}${path()}`, { headers: authorization() });
  const post = (path: () => string, body: () => object) => (url: string) =>
    fetch(`${url}${path()}`, {
      method: "POST",
      headers: { ...authorization(), "content-type": "application/json" },
      body: JSON.stringify(body()),
    });
  return {
    profile: get(() => `/api/members/${pick(members).id}/profile`),
    logIn: post(
      () => "/api/authentication/login",
      () => ({ email: pick(members).email, password: PASSWORD }),
    ),
    post: post(
      () => "/api/posts",
      () => ({ content: `measured at ${new Date().toISOString()}` }),
    ),
    comment: post(
      () => "/api/comments",
      () => ({ postId: pick(postIds), content: "answered" }),
    ),
    like: post(
      () => `/api/posts/${pick(postIds)}/like`,
      () => ({}),
    ),
    feed: get(() => "/api/timeline/posts/followings?size=20"),
    recent: get(() => "/api/timeline/posts/recent-activities?size=20"),
    detail: get(() => `/api/timeline/posts/${pick(postIds)}`),
    activities: get(() => "/api/member-activities?size=20"),
    search: get(() => "/api/search/posts?keyword=measured&size=20"),
    view: get(() => `/api/images/view/${pick(imageIds)}`),
    page: get(() => "/"),
    docs: get(() => "/api-docs/json"),
    upload: (url: string) =>
      fetch(`${url}/api/images/upload`, {
        method: "POST",
        headers: { ...authorization(), "content-type": uploadType },
        body: uploadBody,
      }),
  };
}

function pick<T>(items: readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}
