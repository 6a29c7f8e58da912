import type { Operations } from "../api/generated/schema.ts";

export type {
  Comment,
  FollowedActivity,
  MemberProfile,
  MemberSummary,
  Post,
} from "../api/generated/schema.ts";

/** One page of an endless list. */
export interface ListPage<T> {
  readonly content: T[];
  readonly hasNext: boolean;
  readonly nextCursor: string | null;
}

export type OperationName = keyof Operations;
