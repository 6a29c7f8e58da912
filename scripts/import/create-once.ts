import { isOutcomeUnknown } from "../client/api-error.ts";
import type { ScrollPage } from "../client/list-walk.ts";
import type { MemberSession } from "../client/member-session.ts";
import type { RestClient } from "../client/rest-client.ts";

const MAX_ATTEMPTS = 6;
/** More of one author's newest than are ever under way at once. */
const NEWEST = 100;

/** A write that must not happen twice although its answer may get lost. */
export interface OnceOnly {
  readonly client: RestClient;
  /** It may have been created by an earlier run: look first. */
  readonly mayExist: boolean;
  readonly find: () => Promise<number | undefined>;
  readonly create: () => Promise<{ readonly id: number }>;
}

/** Creates something, or finds it when it was created without our hearing of it, and gives its id. */
export async function createOnce({ client, mayExist, find, create }: OnceOnly): Promise<number> {
  if (mayExist) {
    const found = await find();
    if (found !== undefined) return found;
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return (await create()).id;
    } catch (error) {
      if (!isOutcomeUnknown(error) || attempt === MAX_ATTEMPTS) throw error;
      await client.backOff(attempt);
      const found = await find();
      if (found !== undefined) return found;
    }
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

/** The member's own comment with this content under the post, unless it is taken already; takes it. */
export async function findComment(
  session: MemberSession,
  wanted: { readonly content: string; readonly postId: number; readonly taken: Set<number> },
): Promise<number | undefined> {
  const page = await session.call<ScrollPage<{ id: number; postId: number; content: string }>>({
    method: "GET",
    path: `/timeline/comments?size=${NEWEST}`,
  });
  const found = page.content.find(
    ({ id, postId, content }) =>
      postId === wanted.postId && content === wanted.content && !wanted.taken.has(id),
  );
  if (found) wanted.taken.add(found.id);
  return found?.id;
}
