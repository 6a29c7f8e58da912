/** What demo members of one language write. */
export interface DemoTexts {
  /** A post and a comment that fits it. */
  readonly threads: readonly (readonly [post: string, comment: string])[];
  /** Comments that fit any post. */
  readonly comments: readonly string[];
  /** What the author of a post replies to a comment. */
  readonly replies: readonly string[];
  /** What the commenter answers to that. */
  readonly answers: readonly string[];
}
