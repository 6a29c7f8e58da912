import type { ServiceSchema } from "moleculer";
import type { Config } from "../../config/index.ts";
import { OutboxMixin } from "../../mixins/outbox.mixin.ts";
import { SqlMixin } from "../../mixins/sql.mixin.ts";
import { createComment } from "./actions/create-comment.ts";
import { createPost } from "./actions/create-post.ts";
import { createReply } from "./actions/create-reply.ts";
import { deleteComment } from "./actions/delete-comment.ts";
import { deletePost } from "./actions/delete-post.ts";
import { findExisting } from "./actions/find-existing.ts";
import { likeComment } from "./actions/like-comment.ts";
import { likePost } from "./actions/like-post.ts";
import { recordViews } from "./actions/record-views.ts";
import { livingIds, searchableComments, searchablePosts } from "./actions/searchable.ts";
import { unlikeComment } from "./actions/unlike-comment.ts";
import { unlikePost } from "./actions/unlike-post.ts";
import { updateComment } from "./actions/update-comment.ts";
import { updatePost } from "./actions/update-post.ts";
import { AuthorRepository } from "./author.repository.ts";
import { CommentRepository } from "./comment.repository.ts";
import { defineContentModels } from "./content.models.ts";
import type { ContentThis } from "./content.types.ts";
import { LikeRepository } from "./like.repository.ts";
import { PostRepository } from "./post.repository.ts";
import { SearchableRepository } from "./searchable.repository.ts";
import { ViewRepository } from "./view.repository.ts";

/**
 * Everything that writes posts, comments, likes and views. Owns `posts`, `comments`, `post_likes`, `comment_likes`
 * and `post_views`; their readers are timeline's.
 */
export default function contentService(config: Config): ServiceSchema {
  return {
    name: "content",
    mixins: [SqlMixin(config.database), OutboxMixin(config)],
    actions: {
      createPost,
      updatePost,
      deletePost,
      likePost,
      unlikePost,

      createComment,
      createReply,
      updateComment,
      deleteComment,
      likeComment,
      unlikeComment,

      recordViews,
      findExisting,
      searchablePosts,
      searchableComments,
      livingIds,
    },
    created(this: ContentThis) {
      const models = defineContentModels(this.database.sequelize);
      this.authors = new AuthorRepository(this.database);
      this.posts = new PostRepository(this.database, models, this.outbox);
      this.comments = new CommentRepository(this.database, models, this.posts, this.outbox);
      this.likes = new LikeRepository(this.database, models, this.posts, this.comments, this.outbox);
      this.searchables = new SearchableRepository(this.database);
      this.views = new ViewRepository(this.database, models, this.posts);
    },
  } as unknown as ServiceSchema;
}
