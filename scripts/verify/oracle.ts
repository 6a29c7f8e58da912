/**
 * What the lists must show after an import, computed from the input files and the rules of docs/import.md alone. Shares no
 * code with the import or the product on purpose: big integers, whole scans and sorts, no indexes.
 */

export interface OraclePost {
  /** Place of its text among the usable ones: later posts are newer. */
  readonly position: number;
  readonly authorHandle: string;
  readonly content: string;
  readonly likeCount: number;
  readonly commentCount: number;
  readonly likedBy: ReadonlySet<string>;
}

export interface OracleInput {
  /** The graph file's content. */
  readonly graph: string;
  /** The texts file's content. */
  readonly texts: string;
  readonly posts: number;
  readonly comments: number;
  readonly likes: number;
  readonly prefix: string;
}

export interface Oracle {
  /** In the order of their nodes. */
  readonly handles: readonly string[];
  readonly posts: readonly OraclePost[];
  followFeed(handle: string): readonly OraclePost[];
  popular(): readonly OraclePost[];
  mostCommented(): readonly OraclePost[];
}

/** @throws Error for a handle that no member has */
export function oracleOf(input: OracleInput): Oracle {
  const followees = followeesOf(input.graph);
  const nodes = [...followees.keys()].sort((a, b) => a - b);
  const handleAt = (index: number): string => `${input.prefix}_${nodes[index]}`;
  const writer = (stream: number, i: number): string => handleAt(modulus(murmur(stream, i), nodes.length));
  const target = (stream: number, i: number): number => skewed(stream, i, input.posts);

  const contents = textsOf(input.texts).slice(0, input.posts);
  const comments = Map.groupBy(range(input.comments), (c) => target(3, c));
  const likes = Map.groupBy(range(input.likes), (l) => target(7, l));

  const posts = contents.map((content, position) => {
    const likedBy = new Set(likes.get(position)?.map((l) => writer(6, l)));
    return {
      position,
      content,
      authorHandle: writer(1, position),
      likeCount: likedBy.size,
      commentCount: comments.get(position)?.length ?? 0,
      likedBy,
    };
  });
  const newestFirst = posts.toReversed();
  return {
    handles: nodes.map((_, index) => handleAt(index)),
    posts,
    followFeed: (handle) => {
      const node = nodes.find((_, index) => handleAt(index) === handle);
      const followed = node === undefined ? undefined : followees.get(node);
      if (!followed) throw new Error(`no member has the handle ${handle}`);
      const authors = new Set([...followed].map((node) => `${input.prefix}_${node}`));
      return newestFirst.filter((post) => authors.has(post.authorHandle));
    },
    // Nobody reads a post by itself during the import, so the score is twice the likes. Sorting is stable.
    popular: () => newestFirst.toSorted((a, b) => 2 * b.likeCount - 2 * a.likeCount),
    mostCommented: () =>
      newestFirst.filter((post) => post.commentCount > 0).sort((a, b) => b.commentCount - a.commentCount),
  };
}

function followeesOf(graph: string): Map<number, Set<number>> {
  const followees = new Map<number, Set<number>>();
  const neighboursOf = (node: number): Set<number> => {
    const known = followees.get(node) ?? new Set<number>();
    followees.set(node, known);
    return known;
  };
  for (const line of graph.split("\n")) {
    const [first = "", second = ""] = line.trim().split(/[\s,]+/);
    if (first === "" || first.startsWith("#") || first.startsWith("%")) continue;
    const [u, v] = [Number.parseInt(first, 10), Number.parseInt(second, 10)];
    neighboursOf(u);
    neighboursOf(v);
    if (u === v) continue;
    neighboursOf(u).add(v);
    neighboursOf(v).add(u);
  }
  for (const [node, neighbours] of followees) {
    followees.set(node, new Set([...neighbours].sort((a, b) => a - b).slice(0, 1000)));
  }
  return followees;
}

function textsOf(tsv: string): string[] {
  const rows = tsv
    .replace(/^\uFEFF/, "")
    .split("\n")
    .map((line) => line.replace(/\r$/, "").split("\t"));
  const column = rows[0]?.indexOf("text") ?? -1;
  const texts: string[] = [];
  for (const row of rows.slice(1)) {
    const text = row[column];
    if (text !== undefined && /\S/u.test(text) && Array.from(text).length <= 1000) texts.push(text);
  }
  return texts;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

const WORD = 0xffff_ffffn;

function murmur(stream: number, i: number): bigint {
  let h = (BigInt(i) * 16n + BigInt(stream)) & WORD;
  h ^= h >> 16n;
  h = (h * 0x85ebca6bn) & WORD;
  h ^= h >> 13n;
  h = (h * 0xc2b2ae35n) & WORD;
  return h ^ (h >> 16n);
}

function modulus(value: bigint, size: number): number {
  return Number(value % BigInt(size));
}

function skewed(stream: number, i: number, posts: number): number {
  const outer = modulus(murmur(stream + 2, i), posts) + 1;
  const inner = modulus(murmur(stream + 1, i), outer) + 1;
  const rank = modulus(murmur(stream, i), inner);
  return modulus(murmur(0, rank), posts);
}
