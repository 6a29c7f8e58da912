import { hasCode, isOutcomeUnknown } from "./api-error.ts";
import type { ScrollPage } from "./list-walk.ts";
import { type MemberSession, type SignupRequest, signUp } from "./member-session.ts";
import type { RestClient } from "./rest-client.ts";

const MAX_ATTEMPTS = 6;
/** More of one author's newest than are ever under way at once. */
const NEWEST = 100;

/** A write that must not happen twice although its answer may get lost. */
export interface OnceOnly {
  readonly client: RestClient;
  /** It may have been created by an earlier run: look first. */
  readonly mayExist: boolean;
  readonly find: () => Promise<number | undefined>;
  readonly create: () => Promise<number>;
}

/** Creates something, or finds it when it was created without our hearing of it, and gives its id. */
export async function createOnce({ client, mayExist, find, create }: OnceOnly): Promise<number> {
  if (mayExist) {
    const found = await find();
    if (found !== undefined) return found;
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await create();
    } catch (error) {
      if (!isOutcomeUnknown(error) || attempt === MAX_ATTEMPTS) throw error;
      await client.backOff(attempt);
      const found = await find();
      if (found !== undefined) return found;
    }
  }
}

/** Sends a POST as a member and gives the id of what it created. */
export async function createAs(session: MemberSession, path: string, body: unknown): Promise<number> {
  return (await session.call<{ readonly id: number }>({ method: "POST", path, body })).id;
}

/**
 * Signs a member up and gives the id, also when the answer gets lost on the way.
 * @throws ApiError, among others MEMBER_ALREADY_EXISTS and MEMBER_HANDLE_ALREADY_EXISTS
 */
export function signUpOnce(
  client: RestClient,
  session: MemberSession,
  request: SignupRequest,
): Promise<number> {
  return createOnce({
    client,
    mayExist: false,
    find: () => logInIfKnown(session),
    create: () => signUp(client, request),
  });
}

/** The member's id; undefined when there is no such member, or one with another password. */
export async function logInIfKnown(session: MemberSession): Promise<number | undefined> {
  try {
    return await session.logIn();
  } catch (error) {
    if (hasCode(error, "MEMBER_PASSWORD_INVALID")) return undefined;
    throw error;
  }
}

/** The member's own post with this content and an id above `after`. */
export async function findPost(
  session: MemberSession,
  wanted: { readonly content: string; readonly after: number },
): Promise<number | undefined> {
  const page = await session.call<ScrollPage<{ id: number; content: string }>>({
    method: "GET",
    path: `/timeline/posts?size=${NEWEST}`,
  });
  return page.content.find(({ id, content }) => id > wanted.after && content === wanted.content)?.id;
}

export interface WantedComment {
  readonly content: string;
  readonly postId: number;
  readonly parentId: number | null;
  /** Comments that are accounted for. */
  readonly taken: Set<number>;
}

interface CommentRow {
  readonly id: number;
  readonly postId: number;
  readonly parentId: number | null;
  readonly content: string;
}

/** The member's own comment with this content in this place, unless it is taken already; takes it. */
export async function findComment(
  session: MemberSession,
  { content, postId, parentId, taken }: WantedComment,
): Promise<number | undefined> {
  const page = await session.call<ScrollPage<CommentRow>>({
    method: "GET",
    path: `/timeline/comments?size=${NEWEST}`,
  });
  const found = page.content.find(
    (row) =>
      row.postId === postId && row.parentId === parentId && row.content === content && !taken.has(row.id),
  );
  if (found) taken.add(found.id);
  return found?.id;
}
