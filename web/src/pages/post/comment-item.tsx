import { type ReactNode, useRef, useState } from "react";
import { session } from "../../api/browser-session.ts";
import { Avatar } from "../../components/avatar/avatar.tsx";
import { Button } from "../../components/button/button.tsx";
import { Menu } from "../../components/menu/menu.tsx";
import { AuthorLine } from "../../components/post/author-line.tsx";
import { LikeButton } from "../../components/post/like-button.tsx";
import { TextContent } from "../../components/text/text-content.tsx";
import { useMessages } from "../../i18n/language.ts";
import { hasDraft } from "../../lib/drafts.ts";
import { useCreateComment, useUpdateComment } from "../../queries/comments.ts";
import { deleteComment } from "../../queries/deletions.ts";
import { useLikeComment } from "../../queries/likes.ts";
import type { Comment } from "../../queries/types.ts";
import { CommentForm } from "./comment-form.tsx";

/** Depth of comments that nobody can reply to. */
const LAST_DEPTH = 2;

interface CommentItemProps {
  readonly comment: Comment;
  /** Are its replies shown? */
  readonly isOpen: boolean;
  onToggle(isOpen: boolean): void;
  /** Its replies. */
  readonly children: ReactNode;
}

/** A comment with a form to reply, a form to edit, and what is said under it. */
export function CommentItem({ comment, isOpen, onToggle, children }: CommentItemProps) {
  const { comment: texts, post } = useMessages();
  const [isReplying, setReplying] = useState(() => hasDraft(`reply.${comment.id}`));
  const [isEditing, setEditing] = useState(() => hasDraft(`edit-comment.${comment.id}`));
  const like = useLikeComment(comment.id);
  const update = useUpdateComment(comment.id);
  const reply = useCreateComment(comment.postId, comment);
  const isMine = comment.authorId === session.current?.memberId;
  const article = useRef<HTMLElement>(null);
  /** After a form in it, the focus stays with the comment. */
  const leave = (close: (isOpen: false) => void) => {
    close(false);
    article.current?.focus({ preventScroll: true });
  };

  return (
    <article
      ref={article}
      className="comment"
      id={`comment-${comment.id}`}
      aria-label={texts.by(comment.authorName)}
      tabIndex={-1}
    >
      <Avatar
        name={comment.authorName}
        url={comment.authorAvatarUrl}
        memberId={comment.authorId}
        size="small"
      />
      <header>
        <AuthorLine row={comment} href={`/posts/${comment.postId}#comment-${comment.id}`} />
        {isMine && (
          <Menu
            label={texts.actions}
            items={[
              { label: post.edit, icon: "pen", run: () => setEditing(true) },
              { label: post.delete, icon: "trash", tone: "danger", run: () => deleteComment(comment) },
            ]}
          />
        )}
      </header>
      <div className="comment-body">
        {isEditing ? (
          <CommentForm
            draft={`edit-comment.${comment.id}`}
            label={post.text}
            initial={comment.content}
            submitLabel={post.save}
            busyLabel={post.saving}
            onSubmit={(content) => update.mutateAsync(content)}
            onDone={() => leave(setEditing)}
            onCancel={() => leave(setEditing)}
            autoFocus
          />
        ) : (
          <TextContent text={comment.content} />
        )}
        <div className="comment-actions">
          <LikeButton liked={comment.liked} count={comment.likeCount} onToggle={() => like.mutate(comment)} />
          {comment.depth < LAST_DEPTH && (
            <Button
              look="quiet"
              size="small"
              icon="reply"
              aria-expanded={isReplying}
              onClick={() => setReplying(!isReplying)}
            >
              {texts.reply}
            </Button>
          )}
          {comment.replyCount > 0 && (
            <Button look="quiet" size="small" aria-expanded={isOpen} onClick={() => onToggle(!isOpen)}>
              {isOpen ? texts.hideReplies : texts.showReplies(comment.replyCount)}
            </Button>
          )}
        </div>
        {isReplying && (
          <CommentForm
            draft={`reply.${comment.id}`}
            label={texts.replyTo(comment.authorName)}
            submitLabel={texts.send}
            busyLabel={texts.sending}
            onSubmit={(content) => reply.mutateAsync(content)}
            onDone={() => {
              leave(setReplying);
              onToggle(true);
            }}
            onCancel={() => leave(setReplying)}
            autoFocus
          />
        )}
        {children}
      </div>
    </article>
  );
}
