import { gramsOf } from "../grams.ts";
import { initialsOf } from "../hangul.ts";
import type { SearchableComment, SearchableMember, SearchablePost, SearchKind } from "../search-index.ts";
import { runsOf } from "../typos.ts";

/**
 * Columns of the full-text tables. A post's content has the title, too, whose own grams are marked: asking for them must
 * not walk over everything that has them elsewhere. Grams find exact parts of texts; runs are words as they are and turned round,
 * to look up what differs by a letter near the end or near the beginning; a comment's path is its post and the comments above it.
 */
export const COLUMNS = {
  posts: ["title", "content", "runs"],
  comments: ["content", "path", "runs"],
  members: ["name", "runs"],
} as const satisfies Record<SearchKind, readonly string[]>;

/** Before a run as it is. */
const FORWARD = "\ue001";
/** Before a run that is turned round: its first two letters come last, after HEAD. */
const TURNED = "\ue002";
const HEAD = "\ue003";
const IN_TITLE = "\ue004";

/** What is stored of a document: its id and its columns' tokens, parted by spaces; and how long its text is. */
export interface Row {
  readonly id: number;
  readonly size: number;
  readonly columns: readonly string[];
}

export function postRow({ id, title, content }: SearchablePost): Row {
  const text = title === "" ? content : `${title} ${content}`;
  return { id, size: text.length, columns: [inTitle(gramsOf(title)), gramsOf(text), runTokens(text)] };
}

export function commentRow({ id, postId, ancestorIds, content }: SearchableComment): Row {
  const path = [ofPost(postId), ...ancestorIds.map(below)].join(" ");
  return { id, size: content.length, columns: [gramsOf(content), path, runTokens(content)] };
}

export function memberRow({ id, handle, displayName }: SearchableMember): Row {
  const names = `${handle} ${displayName}`;
  const initials = initialsOf(displayName);
  return {
    id,
    size: names.length,
    columns: [gramsOf(initials === displayName ? names : `${names} ${initials}`), runTokens(names)],
  };
}

/** Grams as they are in the column of titles. */
export function inTitle(grams: string): string {
  return grams === "" ? "" : IN_TITLE + grams.replaceAll(" ", ` ${IN_TITLE}`);
}

/** In the path of all comments of a post. */
export function ofPost(postId: number): string {
  return `p${postId}`;
}

/** In the path of all comments below a comment. */
export function below(commentId: number): string {
  return `c${commentId}`;
}

/** The token of a run; of the beginning of one, the beginning of its token. */
export function forward(run: string): string {
  return FORWARD + run;
}

/** The beginning of the tokens of all runs that go on like this from the third letter on. */
export function turned(rest: string): string {
  return TURNED + rest;
}

/** The run of a token. */
export function runOf(token: string): string {
  const letters = token.slice(1);
  if (token.startsWith(FORWARD)) return letters;
  const [rest = "", head = ""] = letters.split(HEAD);
  return head + rest;
}

function runTokens(text: string): string {
  let tokens = "";
  for (const run of runsOf(text)) {
    tokens += `${FORWARD}${run} ${TURNED}${run.slice(2)}${HEAD}${run.slice(0, 2)} `;
  }
  return tokens;
}
