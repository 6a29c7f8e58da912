import type { Database } from "../../lib/sql/database.ts";
import { AuthorRepository } from "./author.repository.ts";
import { CommentRepository } from "./comment.repository.ts";
import { CommentListRepository } from "./comment-list.repository.ts";
import { FollowFeedRepository } from "./follow-feed.repository.ts";
import { PostRepository } from "./post.repository.ts";
import { PostListRepository } from "./post-list.repository.ts";
import { RankingRepository } from "./ranking.repository.ts";

/** Lists tell which posts or comments a page has, by id; `posts` and `comments` what is shown of them. */
export interface TimelineRepositories {
  readonly authors: AuthorRepository;
  readonly followFeed: FollowFeedRepository;
  readonly postLists: PostListRepository;
  readonly rankings: RankingRepository;
  readonly commentLists: CommentListRepository;
  readonly posts: PostRepository;
  readonly comments: CommentRepository;
}

export function timelineRepositories(database: Database): TimelineRepositories {
  return {
    authors: new AuthorRepository(database),
    followFeed: new FollowFeedRepository(database),
    postLists: new PostListRepository(database),
    rankings: new RankingRepository(database),
    commentLists: new CommentListRepository(database),
    posts: new PostRepository(database),
    comments: new CommentRepository(database),
  };
}
