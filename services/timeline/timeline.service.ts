import type { ServiceSchema } from "moleculer";
import type { Config } from "../../config/index.ts";
import { callAction } from "../../contracts/actions.ts";
import { OutboxMixin } from "../../mixins/outbox.mixin.ts";
import { ReadReplicaMixin } from "../../mixins/read-replica.mixin.ts";
import { SqlMixin } from "../../mixins/sql.mixin.ts";
import { getComment } from "./actions/get-comment.ts";
import { getPost } from "./actions/get-post.ts";
import { getPostStatistics } from "./actions/get-post-statistics.ts";
import { listAllPostComments } from "./actions/list-all-post-comments.ts";
import { listAuthorPosts } from "./actions/list-author-posts.ts";
import { listFollowingsPosts } from "./actions/list-followings-posts.ts";
import { listFollowingsPostsDeep } from "./actions/list-followings-posts-deep.ts";
import { listMemberComments } from "./actions/list-member-comments.ts";
import { listMostCommentedPosts } from "./actions/list-most-commented-posts.ts";
import { listMostPopularPosts } from "./actions/list-most-popular-posts.ts";
import { listOwnComments } from "./actions/list-own-comments.ts";
import { listOwnPosts } from "./actions/list-own-posts.ts";
import { listPostComments } from "./actions/list-post-comments.ts";
import { listPostsInDateRange } from "./actions/list-posts-in-date-range.ts";
import { listRecentPosts } from "./actions/list-recent-posts.ts";
import { listReplies } from "./actions/list-replies.ts";
import { queryComments } from "./actions/query-comments.ts";
import { queryPosts } from "./actions/query-posts.ts";
import { HandOverBuffer } from "./hand-over-buffer.ts";
import { readFor } from "./read-for.ts";
import { readEventKey, viewKey } from "./reads.ts";
import { timelineRepositories } from "./repositories.ts";
import type { TimelineThis } from "./timeline.types.ts";

/**
 * Everything that reads posts and comments. Owns no table: it reads posts, comments, likes, follows and profiles with
 * SQL of its own, at most three statements a page, and tells content which posts were seen.
 */
export default function timelineService(config: Config): ServiceSchema {
  return {
    name: "timeline",
    mixins: [SqlMixin(config.database), ReadReplicaMixin(config), OutboxMixin(config)],
    actions: {
      listFollowingsPosts,
      listFollowingsPostsDeep,
      listMostPopularPosts,
      listMostCommentedPosts,
      listRecentPosts,
      listOwnPosts,
      listAuthorPosts,
      listPostsInDateRange,
      queryPosts,
      getPost,
      getPostStatistics,

      listPostComments,
      getComment,
      listReplies,
      listOwnComments,
      listMemberComments,
      listAllPostComments,
      queryComments,
    },
    created(this: TimelineThis) {
      this.primary = timelineRepositories(this.database);
      this.read = readFor(this, this.primary);
      this.views = new HandOverBuffer({
        what: "views",
        keyOf: viewKey,
        send: (views) => callAction(this.broker, "content.recordViews", { views: [...views] }),
        warn: (message, details) => this.logger.warn(details, message),
      });
      this.readEvents = new HandOverBuffer({
        what: "read events",
        keyOf: readEventKey,
        send: (events) =>
          this.database.transaction((transaction) => this.outbox.append(events, { transaction })),
        warn: (message, details) => this.logger.warn(details, message),
      });
    },
    async stopped(this: TimelineThis) {
      await Promise.all([this.views.stop(), this.readEvents.stop()]);
    },
  } as unknown as ServiceSchema;
}
