import type { CollectionFieldSchema } from "typesense/lib/Typesense/Collection.js";
import type { CollectionCreateSchema } from "typesense/lib/Typesense/Collections.js";
import { gramsOf } from "../grams.ts";
import { initialsOf, keystrokes } from "../hangul.ts";
import type { SearchableComment, SearchableMember, SearchablePost, SearchKind } from "../search-index.ts";
import { runsOf } from "../typos.ts";
import { wordsOf } from "../words.ts";
import { characterTokens, safeTokens } from "./tokens.ts";

/**
 * What every document has. `id` is the number as a text, as the server wants it; `words` is stored and not indexed.
 * Grams are in the default locale, which cuts at spaces only, and are stored: without, they don't outlive a restart.
 */
interface CommonFields {
  readonly id: string;
  readonly number: number;
  /** Grams: what finds exact parts. */
  readonly text: string;
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
  members: [],
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

export function memberDocument({ id, handle, displayName }: SearchableMember): CommonFields {
  const names = `${handle} ${displayName}`;
  const initials = initialsOf(displayName);
  return commonFields(id, initials === displayName ? names : `${names} ${initials}`, names);
}

/** @param typed what may be typed with a wrong letter */
function commonFields(id: number, text: string, typed: string): CommonFields {
  const words = wordsOf(text);
  return {
    id: String(id),
    number: id,
    text: safeTokens(gramsOf(text)),
    characters: characterTokens(words),
    keys: runsOf(typed).map(keystrokes).join(" "),
    words: words.join(" "),
  };
}
