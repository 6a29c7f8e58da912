import { Link } from "wouter";
import { useMessages } from "../../i18n/language.ts";
import { shortCount } from "../../lib/count.ts";
import { useLikePost } from "../../queries/likes.ts";
import type { Post } from "../../queries/types.ts";
import { Icon } from "../icon/icon.tsx";
import { LikeButton } from "./like-button.tsx";
import "./post-actions.css";

export function PostActions({ post }: { post: Post }) {
  const { post: texts } = useMessages();
  const like = useLikePost(post.id);
  return (
    <div className="post-actions">
      <LikeButton liked={post.liked} count={post.likeCount} onToggle={() => like.mutate(post)} />
      <Link
        href={`/posts/${post.id}#comments`}
        className="post-action"
        title={texts.comments(post.commentCount)}
      >
        <Icon name="comment" size={19} />
        <span aria-hidden="true">{shortCount(post.commentCount)}</span>
        <span className="visually-hidden">{texts.comments(post.commentCount)}</span>
      </Link>
      <span className="post-action is-still" title={texts.views(post.viewCount)}>
        <Icon name="eye" size={19} />
        <span aria-hidden="true">{shortCount(post.viewCount)}</span>
        <span className="visually-hidden">{texts.views(post.viewCount)}</span>
      </span>
    </div>
  );
}
