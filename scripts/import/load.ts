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
import { MemberSession } from "../client/member-session.ts";
import type { RestClient } from "../client/rest-client.ts";
import type { Progress, StartProgress } from "../terminal/progress.ts";
import type { ImportPlan } from "./plan.ts";
import { type ImportState, Watermark } from "./state.ts";

export interface ImportRun {
  readonly client: RestClient;
  readonly plan: ImportPlan;
  readonly state: ImportState;
  /** Requests under way at once; posts are sent one by one, since the order of their ids is the order of feeds. */
  readonly concurrency: number;
  readonly startProgress: StartProgress;
  /** Learns which bar is showing, so that waits can be noted beside it. */
  readonly onProgress?: (progress: Progress) => void;
}

/** A handle of the plan belongs to somebody that this import did not sign up. */
export class HandleTakenError extends Error {
  override readonly name = "HandleTakenError";

  constructor(handle: string) {
    super(
      `the handle ${handle} exists and belongs to no run of this state file: ` +
        "give the --state of the run that made it, or another --prefix",
    );
  }
}

/** Follows and likes are noted in the state file in steps of this many. */
const WATERMARK_STEP = 100;

/**
 * Loads what the plan holds and the state does not, over HTTP, and gives the members' sessions by index.
 * @throws at the first failure; the state then says how far it came, and a further run continues
 */
export async function loadImport(run: ImportRun): Promise<readonly MemberSession[]> {
  const sessions = run.plan.members.map(
    ({ email }) => new MemberSession(run.client, { email, password: run.state.password }),
  );
  await assertSystemKnowsState(run, sessions);
  await loadMembers(run, sessions);
  await loadFollows(run, sessions);
  await loadPosts(run, sessions);
  await loadComments(run, sessions);
  await loadLikes(run, sessions);
  return sessions;
}

async function assertSystemKnowsState(run: ImportRun, sessions: readonly MemberSession[]): Promise<void> {
  const [first] = run.state.memberIds;
  if (!first) return;
  const [index, id] = first;
  if ((await logInIfKnown(sessions[index] as MemberSession)) === id) return;
  throw new Error(
    "the system does not know the members of the state file (was it emptied, or is it another one?): " +
      "remove the file, or give another --state, to import anew",
  );
}

async function loadMembers(run: ImportRun, sessions: readonly MemberSession[]): Promise<void> {
  const { client, plan, state } = run;
  const signUpMember = async (index: number): Promise<void> => {
    const { handle, email } = plan.members[index] as ImportPlan["members"][number];
    const request = { email, password: state.password, handle, memberName: handle.slice(0, 30) };
    const session = sessions[index] as MemberSession;
    try {
      state.recordMember(index, await signUpOnce(client, session, request));
    } catch (error) {
      if (!hasCode(error, "MEMBER_ALREADY_EXISTS", "MEMBER_HANDLE_ALREADY_EXISTS")) throw error;
      // It may be a sign-up of ours that a killed run did not note: then our password opens it.
      const id = state.resumed ? await logInIfKnown(session) : undefined;
      if (id === undefined) throw new HandleTakenError(handle);
      state.recordMember(index, id);
    }
  };
  // The first member alone shows whether an import is here already, before anything is made beside it.
  if (!state.resumed) await signUpMember(0);
  const missing = plan.members.map((_, index) => index).filter((index) => !state.memberIds.has(index));
  await phase(run, "members", plan.members.length, missing, signUpMember);
}

async function loadFollows(run: ImportRun, sessions: readonly MemberSession[]): Promise<void> {
  const { follows } = run.plan;
  const record = (done: number): void => run.state.recordFollows(done);
  await idempotentPhase(run, "follows", follows, run.state.followsDone, record, async (follow) => {
    const followee = memberIdOrThrow(run.state, follow.followee);
    await (sessions[follow.follower] as MemberSession)
      .call({ method: "POST", path: `/members/follow/${followee}`, repeatable: true })
      .catch(unlessCode("FOLLOW_RELATIONSHIP_ALREADY_EXISTS"));
  });
}

async function loadPosts(run: ImportRun, sessions: readonly MemberSession[]): Promise<void> {
  const { client, plan, state } = run;
  const first = state.postIds.length;
  const indexes = plan.posts.map((_, index) => index).slice(first);
  const inOrder = { ...run, concurrency: 1 };
  await phase(inOrder, "posts", plan.posts.length, indexes, async (index) => {
    const { author, content } = plan.posts[index] as ImportPlan["posts"][number];
    const session = sessions[author] as MemberSession;
    const previous = state.postIds.at(-1) ?? 0;
    const id = await createOnce({
      client,
      mayExist: state.resumed && index === first,
      find: () => findPost(session, { content, after: previous }),
      create: () => createAs(session, "/posts", { content }),
    });
    if (id <= previous)
      throw new Error(`post ${index} has the id ${id}, not above the one before, ${previous}`);
    state.recordPost(index, id);
  });
}

async function loadComments(run: ImportRun, sessions: readonly MemberSession[]): Promise<void> {
  const { client, plan, state } = run;
  const missing = plan.comments.map((_, index) => index).filter((index) => !state.commentIds.has(index));
  // An earlier run had at most so many comments under way when it ended, and it had begun them in order.
  const doubtful = new Set(missing.slice(0, state.earlierConcurrency));
  const taken = new Set(state.commentIds.values());
  await phase(run, "comments", plan.comments.length, missing, async (index) => {
    const { author, post, content } = plan.comments[index] as ImportPlan["comments"][number];
    const session = sessions[author] as MemberSession;
    const postId = postIdOrThrow(state, post);
    const id = await createOnce({
      client,
      mayExist: doubtful.has(index),
      find: () => findComment(session, { content, postId, parentId: null, taken }),
      create: () => createAs(session, "/comments", { content, postId }),
    });
    taken.add(id);
    state.recordComment(index, id);
  });
}

async function loadLikes(run: ImportRun, sessions: readonly MemberSession[]): Promise<void> {
  const record = (done: number): void => run.state.recordLikes(done);
  await idempotentPhase(run, "likes", run.plan.likes, run.state.likesDone, record, async (like) => {
    await (sessions[like.member] as MemberSession)
      .call({ method: "POST", path: `/posts/${postIdOrThrow(run.state, like.post)}/like`, repeatable: true })
      .catch(unlessCode("POST_LIKE_ALREADY_EXISTS"));
  });
}

/** Things that may be sent twice: those after the last mark are sent again by the next run. */
async function idempotentPhase<T>(
  run: ImportRun,
  title: string,
  items: readonly T[],
  done: number,
  record: (done: number) => void,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const watermark = new Watermark(done);
  let recorded = done;
  await phase(run, title, items.length, items.slice(done), async (item, offset) => {
    await task(item);
    const reached = watermark.add(done + offset);
    if (reached < recorded + WATERMARK_STEP && reached < items.length) return;
    recorded = reached;
    record(reached);
  });
}

async function phase<T>(
  run: ImportRun,
  title: string,
  total: number,
  items: readonly T[],
  task: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const progress = run.startProgress(title, total, total - items.length);
  run.onProgress?.(progress);
  try {
    await forEachConcurrently(items, run.concurrency, async (item, index) => {
      await task(item, index);
      progress.advance();
    });
  } finally {
    progress.finish();
  }
}

function unlessCode(code: string): (error: unknown) => void {
  return (error) => {
    if (!hasCode(error, code)) throw error;
  };
}

function memberIdOrThrow(state: ImportState, member: number): number {
  const id = state.memberIds.get(member);
  if (id === undefined) throw new Error(`member ${member} of the plan has no id`);
  return id;
}

function postIdOrThrow(state: ImportState, post: number): number {
  const id = state.postIds[post];
  if (id === undefined) throw new Error(`post ${post} of the plan has no id`);
  return id;
}
