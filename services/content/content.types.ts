import type { Service } from "moleculer";
import { actionsOf } from "../../contracts/action.ts";
import type { OutboxMembers } from "../../mixins/outbox.mixin.ts";
import type { SqlMembers } from "../../mixins/sql.mixin.ts";
import type { AuthorRepository } from "./author.repository.ts";
import type { CommentRepository } from "./comment.repository.ts";
import type { LikeRepository } from "./like.repository.ts";
import type { PostRepository } from "./post.repository.ts";
import type { SearchableRepository } from "./searchable.repository.ts";
import type { ViewRepository } from "./view.repository.ts";

export type ContentThis = Service &
  SqlMembers &
  OutboxMembers & {
    authors: AuthorRepository;
    posts: PostRepository;
    comments: CommentRepository;
    likes: LikeRepository;
    views: ViewRepository;
    searchables: SearchableRepository;
  };

export const contentAction = actionsOf<ContentThis>();
