/**
 * The partition of an id: the same on every node and for ever. Mixed (the end of MurmurHash3) before the division,
 * since ids may come in steps, as from a cluster of databases, and would leave partitions empty.
 */
export function partitionOf(id: number, partitions: number): number {
  let hash = (id ^ Math.floor(id / 2 ** 32)) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % partitions;
}
