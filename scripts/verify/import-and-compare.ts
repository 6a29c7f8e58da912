import { forEachConcurrently } from "../client/concurrency.ts";
import type { MemberSession } from "../client/member-session.ts";
import { randomPassword } from "../client/password.ts";
import { RestClient } from "../client/rest-client.ts";
import { inputOf, parseGraphOrThrow, parseTextsOrThrow } from "../import/input.ts";
import { loadImport } from "../import/load.ts";
import { planImport } from "../import/plan.ts";
import { ImportState } from "../import/state.ts";
import { mulberry32 } from "../random/mulberry32.ts";
import type { StartProgress } from "../terminal/progress.ts";
import { compareList, type ListCheck } from "./compare-lists.ts";
import { type Oracle, type OracleInput, oracleOf } from "./oracle.ts";

export interface ImportCheck extends OracleInput {
  /** A system without posts, its rate limits off. */
  readonly url: string;
  readonly stateFile: string;
  readonly concurrency: number;
  /** How many random members' lists are compared. */
  readonly members: number;
  readonly seed: number;
  readonly startProgress: StartProgress;
}

export interface ImportCheckResult {
  readonly handles: readonly string[];
  readonly lists: number;
  readonly rows: number;
  readonly differences: readonly string[];
  readonly counts: Readonly<Record<"members" | "follows" | "posts" | "comments" | "likes", number>>;
}

/** The lists of one member that are walked beyond this end here. */
const MAX_ROWS = 10_000;
const COMPARED_AT_ONCE = 4;

/** Imports (or resumes the import) into the system and compares the lists of random members with the oracle. */
export async function importAndCompare(check: ImportCheck): Promise<ImportCheckResult> {
  const texts = parseTextsOrThrow(check.texts);
  const plan = planImport(parseGraphOrThrow(check.graph), texts, check, check.prefix);
  const { posts, comments, likes, prefix } = check;
  const [graph, textsFile] = [inputOf(check.graph), inputOf(check.texts)];
  const identity = { graph: graph.digest, texts: textsFile.digest, posts, comments, likes, prefix };
  const state = new ImportState(check.stateFile, identity, randomPassword);
  const client = new RestClient({ baseUrl: check.url });
  const { concurrency, startProgress } = check;
  let sessions: readonly MemberSession[];
  try {
    state.recordRun(concurrency);
    sessions = await loadImport({ client, plan, state, concurrency, startProgress });
  } finally {
    state.close();
  }
  const oracle = oracleOf(check);
  const chosen = chooseMembers(oracle.handles.length, check.members, check.seed);
  const lists = chosen.flatMap((member, nth) =>
    listsOf(oracle, state.postIds, member, sessions[member] as MemberSession, nth === 0),
  );
  const progress = startProgress("compare", lists.length);
  const differences: string[] = [];
  let rows = 0;
  await forEachConcurrently(lists, COMPARED_AT_ONCE, async (list) => {
    const result = await compareList(list);
    rows += result.rows;
    if (result.difference) differences.push(result.difference);
    progress.advance();
  });
  progress.finish();
  return {
    handles: chosen.map((member) => oracle.handles[member] as string),
    lists: lists.length,
    rows,
    differences,
    counts: {
      members: state.memberIds.size,
      follows: state.followsDone,
      posts: state.postIds.length,
      comments: state.commentIds.size,
      likes: state.likesDone,
    },
  };
}

/**
 * The follow feed in both ways and two sizes. The rankings are everybody's, apart from `liked`: in full for every member in
 * large pages, and in small ones, too, for one of them.
 */
function listsOf(
  oracle: Oracle,
  postIds: readonly number[],
  member: number,
  session: MemberSession,
  first: boolean,
): ListCheck[] {
  const handle = oracle.handles[member] as string;
  const feed = { path: "/timeline/posts/followings", expected: oracle.followFeed(handle) };
  const popular = { path: "/timeline/posts/most-popular", expected: oracle.popular() };
  const commented = { path: "/timeline/posts/most-commented", expected: oracle.mostCommented() };
  const walk = (list: typeof feed, by: ListCheck["by"], size: number): ListCheck => {
    return { ...list, session, handle, postIds, by, size, maxRows: MAX_ROWS };
  };
  const bothWays = (list: typeof feed): ListCheck[] =>
    [20, 7].flatMap((size) => [walk(list, "page", size), walk(list, "cursor", size)]);
  return [
    ...bothWays(feed),
    walk(popular, "cursor", 100),
    walk(commented, "cursor", 100),
    ...(first ? [...bothWays(popular), ...bothWays(commented)] : []),
  ];
}

/** `count` different indexes below `total`, the same ones for the same seed. */
function chooseMembers(total: number, count: number, seed: number): number[] {
  const random = mulberry32(seed);
  const indexes = Array.from({ length: total }, (_, index) => index);
  for (let i = 0; i < Math.min(count, total); i++) {
    const j = i + Math.floor(random() * (total - i));
    [indexes[i], indexes[j]] = [indexes[j] as number, indexes[i] as number];
  }
  return indexes.slice(0, count);
}
