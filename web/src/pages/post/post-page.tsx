import { useCallback, useRef, useState } from "react";
import { useLocation } from "wouter";
import { hasCode } from "../../api/api-error.ts";
import { Page } from "../../app/page.tsx";
import { Avatar } from "../../components/avatar/avatar.tsx";
import { AuthorLine } from "../../components/post/author-line.tsx";
import { PostActions } from "../../components/post/post-actions.tsx";
import { EditPost } from "../../components/post/post-card.tsx";
import { PostMenu } from "../../components/post/post-menu.tsx";
import { Empty, Problem, Skeleton } from "../../components/states/states.tsx";
import { TextContent } from "../../components/text/text-content.tsx";
import { useMessages } from "../../i18n/language.ts";
import { hasDraft } from "../../lib/drafts.ts";
import { exactTime } from "../../lib/time.ts";
import { useDeleted } from "../../queries/deletions.ts";
import { usePost } from "../../queries/posts.ts";
import type { Post } from "../../queries/types.ts";
import { Comments } from "./comments.tsx";
import "./post-page.css";

export function PostPage({ id }: { id: number }) {
  const { post: texts } = useMessages();
  const { data, error, refetch } = usePost(id);
  const isDeleted = useDeleted("post");
  const again = useCallback(() => void refetch(), [refetch]);
  const isGone = hasCode(error, "POST_NOT_FOUND") || isDeleted({ id });
  return (
    <Page
      title={data && !isGone ? data.title || texts.by(data.authorName) : texts.page}
      barTitle={texts.page}
      back
    >
      {isGone ? (
        <Empty icon="search" title={texts.gone}>
          <p>{texts.goneText}</p>
        </Empty>
      ) : data ? (
        <>
          <FullPost post={data} />
          <Comments post={data} />
        </>
      ) : error ? (
        <Problem error={error} onRetry={again} />
      ) : (
        <Skeleton rows={1} />
      )}
    </Page>
  );
}

function FullPost({ post }: { post: Post }) {
  const { post: texts } = useMessages();
  const [, navigate] = useLocation();
  const [isEditing, setEditing] = useState(() => hasDraft(`edit-post.${post.id}.content`));
  const article = useRef<HTMLElement>(null);
  const endEdit = () => {
    setEditing(false);
    article.current?.focus({ preventScroll: true });
  };
  const isEdited = post.updatedAt !== post.createdAt;
  return (
    <article
      ref={article}
      id={`post-${post.id}`}
      className="full-post"
      aria-label={texts.by(post.authorName)}
      tabIndex={-1}
    >
      <header>
        <Avatar name={post.authorName} url={post.authorAvatarUrl} memberId={post.authorId} />
        <AuthorLine row={post} href={`/posts/${post.id}`} />
        <PostMenu post={post} onEdit={() => setEditing(true)} onDeleted={() => navigate("/")} />
      </header>
      {isEditing ? (
        <EditPost post={post} onDone={endEdit} />
      ) : (
        <>
          {post.title && (
            <h2 className="full-post-title" dir="auto">
              {post.title}
            </h2>
          )}
          <TextContent text={post.content} />
        </>
      )}
      <p className="full-post-time">
        {exactTime(post.createdAt)}
        {isEdited && ` · ${texts.editedAt(exactTime(post.updatedAt))}`}
      </p>
      <PostActions post={post} />
    </article>
  );
}
