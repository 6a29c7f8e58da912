import type { Context } from "moleculer";
import type { MemberSummaryDto } from "./dto/member.ts";
import type { PageOf, PagingInput } from "./dto/paging.ts";
import type { CommentDto, PostDto } from "./dto/post.ts";
import type { SearchableCommentDto, SearchableMemberDto, SearchablePostDto } from "./dto/search.ts";
import type { RequestMeta } from "./meta.ts";

/**
 * Actions that services call on each other: what they take and answer.
 * The only way across a service's border; everything else is that service's own business.
 */
export interface ServiceActions {
  "content.recordViews": {
    params: { views: { postId: number; memberId: number; viewedAt: number }[] };
    result: { counted: number };
  };
  /** Which of these posts and comments exist: those of deleted posts don't. */
  "content.findExisting": {
    params: { postIds: readonly number[]; commentIds: readonly number[] };
    result: { postIds: number[]; comments: { id: number; postId: number }[] };
  };
  /** What can be found of these; those that don't exist (any more) are left out. At most `MAX_SEARCHABLE_IDS`. */
  "content.searchablePosts": { params: { ids: readonly number[] }; result: SearchablePostDto[] };
  "content.searchableComments": { params: { ids: readonly number[] }; result: SearchableCommentDto[] };
  "member.searchableMembers": { params: { ids: readonly number[] }; result: SearchableMemberDto[] };
  /** Ids of everything that exists, ascending, from after an id on. */
  "content.livingIds": {
    params: { kind: "posts" | "comments"; afterId: number; limit: number };
    result: number[];
  };
  "member.livingIds": { params: { afterId: number; limit: number }; result: number[] };
  /** As the caller sees them, in the order asked; those that don't exist are left out. */
  "timeline.queryPosts": { params: { ids: readonly number[] }; result: PostDto[] };
  "timeline.queryComments": { params: { ids: readonly number[] }; result: CommentDto[] };
  /** All comments under a post, of every level, newest first. */
  "timeline.listAllPostComments": { params: { postId: number } & PagingInput; result: PageOf<CommentDto> };
  /** Members followed by this one, newest relation first; the follow limit bounds them. */
  "member.listFollowingIds": { params: { memberId: number }; result: number[] };
  /** In the order asked, as the caller sees them; unknown and withdrawn members are left out. */
  "member.getSummaries": { params: { memberIds: readonly number[] }; result: MemberSummaryDto[] };
  "member.getSummary": { params: { memberId: number }; result: MemberSummaryDto };
}

/** `ctx.call` with the types of the contract. */
export function callAction<Name extends keyof ServiceActions>(
  ctx: Pick<Context<unknown, RequestMeta>, "call">,
  name: Name,
  params: ServiceActions[Name]["params"],
): Promise<ServiceActions[Name]["result"]> {
  return ctx.call(name, params);
}
