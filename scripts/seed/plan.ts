import { mulberry32 } from "../random/mulberry32.ts";
import type { DemoTexts } from "./demo-texts.ts";
import type { DemoMember } from "./members.ts";

/** Members, posts and comments are named by their index; a comment's parent comes before it. */
export interface SeedPlan {
  readonly follows: readonly { readonly follower: number; readonly followee: number }[];
  readonly posts: readonly { readonly author: number; readonly content: string }[];
  readonly comments: readonly PlannedComment[];
  readonly postLikes: readonly { readonly member: number; readonly post: number }[];
  readonly commentLikes: readonly { readonly member: number; readonly comment: number }[];
}

export interface PlannedComment {
  readonly author: number;
  readonly post: number;
  readonly parent: number | undefined;
  readonly content: string;
}

type Language = DemoMember["language"];

const SEED = 20_241;
/** How many members like a post: a few posts get most. */
const POST_LIKES = [1, 2, 2, 3, 3, 4, 5, 6, 8, 11, 15, 22] as const;

/** Who follows, writes and likes what: always the same for the same members and texts. */
export function planSeed(
  members: readonly DemoMember[],
  texts: Readonly<Record<Language, DemoTexts>>,
): SeedPlan {
  const random = mulberry32(SEED);
  const everybody = members.map((_, index) => index);
  const speakers = (language: Language): number[] =>
    everybody.filter((index) => members[index]?.language === language);
  const posts = planPosts(random, texts, speakers);
  const comments = posts.flatMap(({ author, language, comment }, post) => {
    const others = shuffled(random, speakers(language)).filter((member) => member !== author);
    return planThread(random, texts[language], { author, others, post, comment });
  });
  return {
    follows: planFollows(random, members),
    posts: posts.map(({ author, content }) => ({ author, content })),
    comments: withParents(comments),
    postLikes: posts.flatMap((_, post) =>
      shuffled(random, everybody)
        .slice(0, pick(random, POST_LIKES))
        .map((member) => ({ member, post })),
    ),
    commentLikes: comments.flatMap((_, comment) =>
      shuffled(random, everybody)
        .slice(0, Math.floor(random() ** 2 * 6))
        .map((member) => ({ member, comment })),
    ),
  };
}

interface DemoPost {
  readonly author: number;
  readonly language: Language;
  readonly content: string;
  readonly comment: string;
}

/** The n-th text belongs to the n-th member of its language, who has that hobby; the order mixes languages. */
function planPosts(
  random: () => number,
  texts: Readonly<Record<Language, DemoTexts>>,
  speakers: (language: Language) => number[],
): DemoPost[] {
  const posts = (["ko", "en"] as const).flatMap((language) => {
    const authors = speakers(language);
    return texts[language].threads.map(([content, comment], index) => ({
      author: authors[index % authors.length] as number,
      language,
      content,
      comment,
    }));
  });
  return shuffled(random, posts);
}

interface Thread {
  readonly author: number;
  readonly others: readonly number[];
  readonly post: number;
  readonly comment: string;
}

/** A comment whose parent is named by how many places before it that stands. */
type ThreadComment = Omit<PlannedComment, "parent"> & { readonly back: number };

/** The fitting comment, most often a reply by the author and an answer to it, then comments of further members. */
function planThread(random: () => number, texts: DemoTexts, thread: Thread): ThreadComment[] {
  const { author, others, post } = thread;
  const [first, ...rest] = others as [number, ...number[]];
  const comments: ThreadComment[] = [{ author: first, post, back: 0, content: thread.comment }];
  if (random() < 0.7) {
    comments.push({ author, post, back: 1, content: pick(random, texts.replies) });
    if (random() < 0.6) comments.push({ author: first, post, back: 1, content: pick(random, texts.answers) });
  }
  for (const member of rest.slice(0, Math.floor(random() * 4))) {
    comments.push({ author: member, post, back: 0, content: pick(random, texts.comments) });
  }
  return comments;
}

function withParents(comments: readonly ThreadComment[]): PlannedComment[] {
  return comments.map(({ back, ...comment }, index) => ({
    ...comment,
    parent: back === 0 ? undefined : index - back,
  }));
}

/** Six to seventeen followees each, three of four of the member's own language. */
function planFollows(random: () => number, members: readonly DemoMember[]): SeedPlan["follows"] {
  return members.flatMap(({ language }, follower) => {
    const others = members.map((_, index) => index).filter((index) => index !== follower);
    const count = 6 + Math.floor(random() * 12);
    const own = shuffled(
      random,
      others.filter((index) => members[index]?.language === language),
    );
    const foreign = shuffled(
      random,
      others.filter((index) => members[index]?.language !== language),
    );
    const fromOwn = Math.ceil(count * 0.75);
    return [...own.slice(0, fromOwn), ...foreign.slice(0, count - fromOwn)].map((followee) => ({
      follower,
      followee,
    }));
  });
}

function pick<T>(random: () => number, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)] as T;
}

function shuffled<T>(random: () => number, items: readonly T[]): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
