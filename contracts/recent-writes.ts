/**
 * Who wrote lately, and must therefore not be shown an older state: the gateway notes it, readers of a replica look.
 * Kept for as long as a replica may be behind and this many milliseconds more, in which its lag is noticed.
 */
export const RECENT_WRITE_GRACE = 2_000;

/** The key under which a member's write is noted. */
export function recentWriteKey(memberId: number): string {
  return `rw:${memberId}`;
}
