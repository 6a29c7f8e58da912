/** What can be found of a post. */
export interface SearchablePost {
  readonly id: number;
  readonly title: string;
  readonly content: string;
}

/** What can be found of a comment, and what it goes away with. */
export interface SearchableComment {
  readonly id: number;
  readonly postId: number;
  /** The comments above it, topmost first: none, one or two. */
  readonly ancestorIds: readonly number[];
  readonly content: string;
}

/** What can be found of a member. */
export interface SearchableMember {
  readonly id: number;
  readonly handle: string;
  readonly displayName: string;
}

/** One page of what a keyword finds. */
export interface SearchQuery {
  /** As the member typed it, 1 to 100 characters; taken literally. */
  readonly keyword: string;
  readonly offset: number;
  readonly limit: number;
}

export interface SearchResult {
  /**
   * Best match first, then newest (largest id) first. Matches are as good as the best of these that holds for all words
   * of the keyword: the title has them (posts); they are whole words (members); they begin words; they are parts of
   * words; they are that or have one wrong letter. A syllable counts as a letter where nothing better is found.
   */
  readonly ids: readonly number[];
  /** How many the keyword finds in all. */
  readonly total: number;
}

export type SearchKind = "posts" | "comments" | "members";

/**
 * The full-text index: Typesense, or tables of its own in DATA_DIR. It holds ids and what is needed to find them;
 * what is shown comes from the owning services. Every write may be repeated, and may come in any order of its kind.
 * Every method throws SearchUnavailableError when the index can't be reached.
 */
export interface SearchIndex {
  /** Makes what is missing. Several processes may do so at once. */
  open(): Promise<void>;
  close(): Promise<void>;

  /** Adds or replaces; while a rebuild runs anywhere, in both generations. Resolves when found by every reader. */
  putPosts(posts: readonly SearchablePost[]): Promise<void>;
  putComments(comments: readonly SearchableComment[]): Promise<void>;
  putMembers(members: readonly SearchableMember[]): Promise<void>;
  /** Takes posts away, with all of their comments. */
  dropPosts(ids: readonly number[]): Promise<void>;
  /** Takes comments away, with everything below them. */
  dropComments(ids: readonly number[]): Promise<void>;
  dropMembers(ids: readonly number[]): Promise<void>;

  findPosts(query: SearchQuery): Promise<SearchResult>;
  /** @param postId only comments of this post */
  findComments(query: SearchQuery, postId?: number): Promise<SearchResult>;
  /** By handle and display name, and by the initial consonants of the latter. */
  findMembers(query: SearchQuery): Promise<SearchResult>;

  /** Ids in ascending order, for the comparison with the owner's. */
  idsAfter(kind: SearchKind, id: number, limit: number): Promise<readonly number[]>;

  /** Starts a new, empty generation beside the one that serves. */
  rebuild(): Promise<SearchRebuild>;
}

/** A generation that is being filled: it serves once it is switched to. */
export interface SearchRebuild {
  putPosts(posts: readonly SearchablePost[]): Promise<void>;
  putComments(comments: readonly SearchableComment[]): Promise<void>;
  putMembers(members: readonly SearchableMember[]): Promise<void>;
  /** Serves from now on; the generation before it is dropped. Done again, it finishes what was cut short. */
  activate(): Promise<void>;
  /** Drops what was filled. */
  abandon(): Promise<void>;
}

/** The index can't be reached, or can't answer now: the caller may come again. */
export class SearchUnavailableError extends Error {
  override readonly name = "SearchUnavailableError";
}
