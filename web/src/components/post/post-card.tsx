import { type KeyboardEvent, memo, type ReactNode, useId, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { useMessages } from "../../i18n/language.ts";
import { useUpdatePost } from "../../queries/posts.ts";
import type { Post } from "../../queries/types.ts";
import { Avatar } from "../avatar/avatar.tsx";
import { PostEditor } from "../composer/post-editor.tsx";
import { TextContent } from "../text/text-content.tsx";
import { AuthorLine } from "./author-line.tsx";
import { PostActions } from "./post-actions.tsx";
import { PostMenu } from "./post-menu.tsx";
import "./post-card.css";

interface PostCardProps {
  readonly post: Post;
  /** In place of the text: the found words of a search. */
  readonly excerpt?: ReactNode;
  readonly position?: number;
  readonly total?: number;
}

/** Longer than this, or with more lines, a text is cut in lists. */
const CUT_LENGTH = 420;
const CUT_LINES = 8;

export const PostCard = memo(function PostCard({ post, excerpt, position, total }: PostCardProps) {
  const { post: texts } = useMessages();
  const [, navigate] = useLocation();
  const [isEditing, setEditing] = useState(false);
  const titleId = useId();
  const article = useRef<HTMLElement>(null);
  const href = `/posts/${post.id}`;
  const isLong = post.content.length > CUT_LENGTH || post.content.split("\n").length > CUT_LINES;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && event.target === event.currentTarget) navigate(href);
  };
  const endEdit = () => {
    setEditing(false);
    article.current?.focus({ preventScroll: true });
  };
  return (
    <article
      ref={article}
      id={`post-${post.id}`}
      className="post-card"
      aria-labelledby={titleId}
      aria-posinset={position}
      aria-setsize={total}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: articles of a feed take the focus (ARIA feed pattern)
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <Avatar name={post.authorName} url={post.authorAvatarUrl} memberId={post.authorId} />
      <div className="post-card-main">
        <header>
          <span id={titleId} className="visually-hidden">
            {texts.by(post.authorName)}
          </span>
          <AuthorLine row={post} href={href} />
          <PostMenu post={post} onEdit={() => setEditing(true)} />
        </header>
        {isEditing ? (
          <EditPost post={post} onDone={endEdit} />
        ) : (
          <>
            {post.title && (
              <h2 className="post-card-title" dir="auto">
                <Link href={href}>{post.title}</Link>
              </h2>
            )}
            {excerpt ?? <TextContent text={post.content} clamp={isLong} />}
            {isLong && !excerpt && (
              <Link href={href} className="post-card-more">
                {texts.more}
              </Link>
            )}
          </>
        )}
        <PostActions post={post} />
      </div>
    </article>
  );
});

export function EditPost({ post, onDone }: { post: Post; onDone(): void }) {
  const { post: texts } = useMessages();
  const update = useUpdatePost(post.id);
  return (
    <PostEditor
      draft={`edit-post.${post.id}`}
      initial={post}
      submitLabel={texts.save}
      busyLabel={texts.saving}
      onSubmit={(text) => update.mutateAsync(text)}
      onDone={onDone}
      onCancel={onDone}
      autoFocus
    />
  );
}
