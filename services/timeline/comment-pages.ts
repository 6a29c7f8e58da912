import type { PageOf, PagingInput, ScrollOf } from "../../contracts/dto/paging.ts";
import type { CommentDto } from "../../contracts/dto/post.ts";
import { type PageRequest, pageOf } from "../../lib/paging/page-request.ts";
import { type ById, type IdRow, orderById, readPage } from "./page.ts";
import type { TimelineRepositories } from "./repositories.ts";

/** Default sizes of the lists of comments. */
export const COMMENT_SIZES = { ofPost: 50, replies: 10, own: 20, ofMember: 10, allOfPost: 20 };

/** Comments on a post itself, oldest first. Three statements. @throws POST_NOT_FOUND */
export async function readPostComments(
  repositories: TimelineRepositories,
  postId: number,
  paging: PagingInput,
  readerId: number,
): Promise<ScrollOf<CommentDto>> {
  await repositories.posts.assertExistsOrThrow(postId);
  const list = (request: PageRequest<ById>) => repositories.commentLists.listOfPost(postId, request);
  return readComments(repositories, `post-comments:${postId}`, COMMENT_SIZES.ofPost, list, paging, readerId);
}

/** Comments of every level under a post, newest first, with totals. Three statements: total, ids, rows. */
export async function readAllPostComments(
  repositories: TimelineRepositories,
  postId: number,
  paging: PagingInput,
  readerId: number,
): Promise<PageOf<CommentDto>> {
  const { commentLists } = repositories;
  const total = await commentLists.countAllOfPost(postId);
  const list = async (request: PageRequest<ById>) =>
    total === 0 ? [] : commentLists.listAllOfPost(postId, request);
  const name = `all-post-comments:${postId}`;
  return pageOf(
    await readComments(repositories, name, COMMENT_SIZES.allOfPost, list, paging, readerId),
    total,
  );
}

/** Direct replies to a comment, oldest first. Three statements. @throws COMMENT_NOT_FOUND */
export async function readReplies(
  repositories: TimelineRepositories,
  commentId: number,
  paging: PagingInput,
  readerId: number,
): Promise<ScrollOf<CommentDto>> {
  await repositories.comments.assertExistsOrThrow(commentId);
  const list = (request: PageRequest<ById>) => repositories.commentLists.listReplies(commentId, request);
  return readComments(repositories, `replies:${commentId}`, COMMENT_SIZES.replies, list, paging, readerId);
}

/** A member's comments, newest first, without those on deleted posts. Two statements. */
export function readMemberComments(
  repositories: TimelineRepositories,
  authorId: number,
  defaultSize: number,
  paging: PagingInput,
  readerId: number,
): Promise<ScrollOf<CommentDto>> {
  const list = (request: PageRequest<ById>) => repositories.commentLists.listByAuthor(authorId, request);
  return readComments(repositories, `comments:${authorId}`, defaultSize, list, paging, readerId);
}

function readComments(
  { comments }: TimelineRepositories,
  name: string,
  defaultSize: number,
  list: (request: PageRequest<ById>) => Promise<IdRow[]>,
  paging: PagingInput,
  readerId: number,
): Promise<ScrollOf<CommentDto>> {
  const show = (ids: readonly number[]) => comments.listByIds(ids, readerId);
  return readPage({ order: orderById(name), defaultSize, list, show }, paging);
}
