import type { CollectionFieldSchema } from "typesense/lib/Typesense/Collection.js";
import type { CollectionCreateSchema } from "typesense/lib/Typesense/Collections.js";
import { gramsOf } from "../grams.ts";
import { initialsOf, keystrokes } from "../hangul.ts";
import type { SearchableComment, SearchableMember, SearchablePost, SearchKind } from "../search-index.ts";
import { runsOf } from "../typos.ts";
import { wordsOf } from "../words.ts";
import { characterTokens, safeTokens, startTokens } from "./tokens.ts";

/** Grows with every change of the fields: an index of another format stays for the processes that use it. */
export const FORMAT = 1;

/**
 * What every document has. `id` is the number as a text, as the server wants it; `words` is stored and not indexed.
 * Grams are in the default locale, which cuts at spaces only, and are stored: without, they don't outlive a restart.
 */
interface CommonFields {
  readonly id: string;
  readonly number: number;
  /** Grams: what finds exact parts. */
  readonly text: string;
  /** The first two characters of words. */
  readonly starts: string;
  /** Every character once. */
  readonly characters: string;
  /** Runs as they are typed: what finds wrong letters. */
  readonly keys: string;
  /** The words, parted by spaces: what tells whether a candidate is near. */
  readonly words: string;
}

const COMMON: readonly CollectionFieldSchema[] = [
  { name: "number", type: "int64" },
  { name: "text", type: "string" },
  { name: "starts", type: "string" },
  { name: "characters", type: "string" },
  { name: "keys", type: "string" },
];

const OWN: Readonly<Record<SearchKind, readonly CollectionFieldSchema[]>> = {
  posts: [
    { name: "title", type: "string" },
    { name: "titleCharacters", type: "string" },
  ],
  comments: [
    { name: "postId", type: "int64" },
    { name: "ancestorIds", type: "int64[]" },
  ],
  members: [{ name: "names", type: "string" }],
};

export function schemaOf(kind: SearchKind, name: string): CollectionCreateSchema {
  return { name, fields: [...COMMON, ...OWN[kind]], default_sorting_field: "number" };
}

export function postDocument({ id, title, content }: SearchablePost) {
  const text = `${title} ${content}`;
  return {
    ...commonFields(id, text, text),
    title: safeTokens(gramsOf(title)),
    titleCharacters: characterTokens(wordsOf(title)),
  };
}

export function commentDocument({ id, postId, ancestorIds, content }: SearchableComment) {
  return { ...commonFields(id, content, content), postId, ancestorIds };
}

export function memberDocument({ id, handle, displayName }: SearchableMember) {
  const names = `${handle} ${displayName}`;
  const initials = initialsOf(displayName);
  const text = initials === displayName ? names : `${names} ${initials}`;
  return { ...commonFields(id, text, names), names: safeTokens(wordsOf(text).join(" ")) };
}

/** @param typed what may be typed with a wrong letter */
function commonFields(id: number, text: string, typed: string): CommonFields {
  const words = wordsOf(text);
  return {
    id: String(id),
    number: id,
    text: safeTokens(gramsOf(text)),
    starts: startTokens(words),
    characters: characterTokens(words),
    keys: runsOf(typed).map(keystrokes).join(" "),
    words: words.join(" "),
  };
}
