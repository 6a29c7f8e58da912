import { gramsOf } from "../grams.ts";
import { initialsOf } from "../hangul.ts";
import type { SearchableComment, SearchableMember, SearchablePost, SearchKind } from "../search-index.ts";
import { runsOf } from "../typos.ts";

/**
 * Columns of the full-text tables. Grams find exact parts of texts; runs are words as they are and turned round,
 * to look up what differs by a letter near the end or near the beginning; a comment's path is its post and the comments above it.
 */
export const COLUMNS = {
  posts: ["title", "content", "runs"],
  comments: ["content", "path", "runs"],
  members: ["name", "runs"],
} as const satisfies Record<SearchKind, readonly string[]>;

/** Before a run that is turned round: its first two letters come last, after HEAD. */
const TAIL = "\ue001";
const HEAD = "\ue002";

/** What is stored of a document: its id and its columns' tokens, parted by spaces. */
export interface Row {
  readonly id: number;
  readonly columns: readonly string[];
}

export function postRow({ id, title, content }: SearchablePost): Row {
  return { id, columns: [gramsOf(title), gramsOf(content), runTokens(`${title} ${content}`)] };
}

export function commentRow({ id, postId, ancestorIds, content }: SearchableComment): Row {
  const path = [ofPost(postId), ...ancestorIds.map(below)].join(" ");
  return { id, columns: [gramsOf(content), path, runTokens(content)] };
}

export function memberRow({ id, handle, displayName }: SearchableMember): Row {
  const names = `${handle} ${displayName}`;
  const initials = initialsOf(displayName);
  return {
    id,
    columns: [gramsOf(initials === displayName ? names : `${names} ${initials}`), runTokens(names)],
  };
}

/** In the path of all comments of a post. */
export function ofPost(postId: number): string {
  return `p${postId}`;
}

/** In the path of all comments below a comment. */
export function below(commentId: number): string {
  return `c${commentId}`;
}

/** Where all runs are whose third letter and those after it begin with this. */
export function tail(letters: string): string {
  return TAIL + letters;
}

/** The run of a term, which may be turned round. */
export function runOf(term: string): string {
  if (!term.startsWith(TAIL)) return term;
  const [rest = "", head = ""] = term.slice(TAIL.length).split(HEAD);
  return head + rest;
}

function runTokens(text: string): string {
  return runsOf(text)
    .map((run) => `${run} ${tail(run.slice(2))}${HEAD}${run.slice(0, 2)}`)
    .join(" ");
}
