import { imageIdOf } from "../../contracts/image-address.ts";
import { hasCode } from "../client/api-error.ts";
import { forEachConcurrently } from "../client/concurrency.ts";
import {
  createAs,
  createOnce,
  findComment,
  findPost,
  logInIfKnown,
  signUpOnce,
} from "../client/create-once.ts";
import { walkByCursor } from "../client/list-walk.ts";
import { MemberSession } from "../client/member-session.ts";
import type { RestClient } from "../client/rest-client.ts";
import type { Progress, StartProgress } from "../terminal/progress.ts";
import { avatarPng } from "./avatar.ts";
import { DEMO_MEMBERS, type DemoMember } from "./members.ts";
import type { SeedPlan } from "./plan.ts";

export interface SeedRun {
  readonly client: RestClient;
  readonly plan: SeedPlan;
  readonly password: string;
  readonly startProgress: StartProgress;
  readonly onProgress?: (progress: Progress) => void;
}

export type SeedCounts = Record<
  "members" | "avatars" | "follows" | "posts" | "comments" | "post likes" | "comment likes",
  { created: number; found: number }
>;

/** The demo members exist, but not with this password. */
export class DemoPasswordError extends Error {
  override readonly name = "DemoPasswordError";
}

/** Few members do something at the same time: also a small system stays quick for others. */
const CONCURRENCY = 4;
const LIST_SIZE = 100;

interface DemoAccount {
  readonly id: number;
  readonly session: MemberSession;
}

type Outcome = "created" | "found";

export function emailOf(member: DemoMember): string {
  return `${member.handle}@demo.example`;
}

/**
 * Makes what the plan holds and the system does not, over HTTP, and counts both.
 * @throws DemoPasswordError when the members exist with another password
 */
export async function loadSeed(run: SeedRun): Promise<SeedCounts> {
  const counts: SeedCounts = {
    members: { created: 0, found: 0 },
    avatars: { created: 0, found: 0 },
    follows: { created: 0, found: 0 },
    posts: { created: 0, found: 0 },
    comments: { created: 0, found: 0 },
    "post likes": { created: 0, found: 0 },
    "comment likes": { created: 0, found: 0 },
  };
  const phase = async <T>(
    title: keyof SeedCounts,
    items: readonly T[],
    concurrency: number,
    task: (item: T, index: number) => Promise<Outcome>,
  ): Promise<void> => {
    const progress = run.startProgress(title, items.length);
    run.onProgress?.(progress);
    try {
      await forEachConcurrently(items, concurrency, async (item, index) => {
        counts[title][await task(item, index)]++;
        progress.advance();
      });
    } finally {
      progress.finish();
    }
  };

  // The first member alone shows whether the password fits, before anything is made with a wrong one.
  const [firstMember] = DEMO_MEMBERS;
  const firstLogIn = firstMember && (await logInOrSignUp(run, firstMember));
  const accounts: DemoAccount[] = [];
  await phase("members", DEMO_MEMBERS, CONCURRENCY, async (member, index) => {
    const known = index === 0 ? firstLogIn : undefined;
    const { account, outcome } = known ?? (await logInOrSignUp(run, member));
    accounts[index] = account;
    return outcome;
  });
  const account = (index: number): DemoAccount => accounts[index] as DemoAccount;

  await phase("avatars", accounts, CONCURRENCY, ({ session }, index) => giveAvatar(session, index + 1));

  const followed = await Promise.all(accounts.map(({ session }) => followeesOf(session)));
  await phase("follows", run.plan.follows, CONCURRENCY, async ({ follower, followee }) => {
    const { id } = account(followee);
    if (followed[follower]?.has(id)) return "found";
    return createUnless("FOLLOW_RELATIONSHIP_ALREADY_EXISTS", () =>
      account(follower).session.call({ method: "POST", path: `/members/follow/${id}`, repeatable: true }),
    );
  });

  const postIds: number[] = [];
  const ownPosts = await Promise.all(accounts.map(({ session }) => postsOf(session)));
  await phase("posts", run.plan.posts, 1, async ({ author, content }, index) => {
    const found = ownPosts[author]?.get(content);
    postIds[index] = found ?? (await createPost(run.client, account(author).session, content));
    return found === undefined ? "created" : "found";
  });
  const postId = (post: number): number => postIds[post] as number;

  const commentIds: number[] = [];
  const ownComments = await Promise.all(accounts.map(({ session }) => commentsOf(session)));
  await phase("comments", run.plan.comments, 1, async ({ author, post, parent, content }, index) => {
    const place = {
      content,
      postId: postId(post),
      parentId: parent === undefined ? null : (commentIds[parent] as number),
    };
    const found = ownComments[author]?.get(keyOf(place));
    commentIds[index] = found ?? (await createComment(run.client, account(author).session, place));
    return found === undefined ? "created" : "found";
  });

  await phase("post likes", run.plan.postLikes, CONCURRENCY, ({ member, post }) =>
    like(account(member).session, `/posts/${postId(post)}/like`, "POST_LIKE_ALREADY_EXISTS"),
  );
  await phase("comment likes", run.plan.commentLikes, CONCURRENCY, ({ member, comment }) =>
    like(account(member).session, `/comments/${commentIds[comment]}/like`, "COMMENT_LIKE_ALREADY_EXISTS"),
  );
  return counts;
}

async function logInOrSignUp(
  { client, password }: SeedRun,
  member: DemoMember,
): Promise<{ account: DemoAccount; outcome: Outcome }> {
  const email = emailOf(member);
  const session = new MemberSession(client, { email, password });
  const known = await logInIfKnown(session);
  if (known !== undefined) return { account: { id: known, session }, outcome: "found" };
  const { handle, displayName, bio, location, language, countryCode, timezone } = member;
  try {
    const id = await signUpOnce(client, session, {
      email,
      password,
      handle,
      memberName: displayName,
      displayName,
      bio,
      location,
      timezone,
      countryCode,
      languageCode: language,
    });
    return { account: { id, session }, outcome: "created" };
  } catch (error) {
    if (!hasCode(error, "MEMBER_ALREADY_EXISTS", "MEMBER_HANDLE_ALREADY_EXISTS")) throw error;
    throw new DemoPasswordError(`the demo member ${email} exists with another password`, { cause: error });
  }
}

/** Uploads the face of this number, unless the member shows an uploaded picture. */
async function giveAvatar(session: MemberSession, number: number): Promise<Outcome> {
  const summary = { method: "GET", path: "/members/summary" } as const;
  const { avatarUrl } = await session.call<{ avatarUrl: string }>(summary);
  if (imageIdOf(avatarUrl) !== undefined) return "found";
  const form = new FormData();
  form.append(
    "image",
    new File([new Uint8Array(await avatarPng(number))], "avatar.png", { type: "image/png" }),
  );
  // A picture whose answer is lost shows nowhere: another one does no harm.
  const upload = { method: "POST", path: "/images/upload/profile", form, repeatable: true } as const;
  const id = await session.call<string>(upload);
  const body = { avatarUrl: `/api/images/view/${id}` };
  await session.call({ method: "PUT", path: "/members/profile", body });
  return "created";
}

function createPost(client: RestClient, session: MemberSession, content: string): Promise<number> {
  return createOnce({
    client,
    mayExist: false,
    find: () => findPost(session, { content, after: 0 }),
    create: () => createAs(session, "/posts", { content }),
  });
}

function createComment(client: RestClient, session: MemberSession, place: CommentPlace): Promise<number> {
  const { parentId, ...comment } = place;
  return createOnce({
    client,
    mayExist: false,
    find: () => findComment(session, { ...place, taken: new Set() }),
    create: () =>
      parentId === null
        ? createAs(session, "/comments", comment)
        : createAs(session, "/comments/replies", place),
  });
}

function like(session: MemberSession, path: string, existsCode: string): Promise<Outcome> {
  return createUnless(existsCode, () => session.call({ method: "POST", path, repeatable: true }));
}

async function createUnless(existsCode: string, send: () => Promise<unknown>): Promise<Outcome> {
  try {
    await send();
    return "created";
  } catch (error) {
    if (hasCode(error, existsCode)) return "found";
    throw error;
  }
}

async function followeesOf(session: MemberSession): Promise<Set<number>> {
  const followees = await session.call<readonly { memberId: number }[]>({
    method: "GET",
    path: "/members/query/followings",
  });
  return new Set(followees.map(({ memberId }) => memberId));
}

async function postsOf(session: MemberSession): Promise<Map<string, number>> {
  const posts = new Map<string, number>();
  const rows = walkByCursor<{ id: number; content: string }>(session, "/timeline/posts", LIST_SIZE);
  for await (const { id, content } of rows) posts.set(content, id);
  return posts;
}

/** Nobody writes the same twice in one place: this tells demo comments apart. */
interface CommentPlace {
  readonly postId: number;
  readonly parentId: number | null;
  readonly content: string;
}

async function commentsOf(session: MemberSession): Promise<Map<string, number>> {
  const comments = new Map<string, number>();
  const rows = walkByCursor<CommentPlace & { id: number }>(session, "/timeline/comments", LIST_SIZE);
  for await (const row of rows) comments.set(keyOf(row), row.id);
  return comments;
}

function keyOf({ postId, parentId, content }: CommentPlace): string {
  return `${postId} ${parentId ?? "-"} ${content}`;
}
