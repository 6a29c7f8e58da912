/**
 * The `updatedAt` (epoch ms) of an edit made now: always later than the one before, so that an edited text can be told
 * from one never edited even when both happen in one millisecond, or the clock was set back.
 */
export function editTime(text: { readonly updatedAt: number }): number {
  return Math.max(Date.now(), text.updatedAt + 1);
}
