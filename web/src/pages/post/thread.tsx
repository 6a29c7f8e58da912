import { useCallback, useState } from "react";
import { Problem, Skeleton } from "../../components/states/states.tsx";
import { useMessages } from "../../i18n/language.ts";
import { useReplies } from "../../queries/comments.ts";
import { useDeleted } from "../../queries/deletions.ts";
import type { Comment } from "../../queries/types.ts";
import { CommentItem } from "./comment-item.tsx";
import { MoreComments } from "./more-comments.tsx";

/** A comment and, where they are open, its replies, which are threads themselves. */
export function Thread({ comment, startsOpen = false }: { comment: Comment; startsOpen?: boolean }) {
  const [isOpen, setOpen] = useState(startsOpen);
  return (
    <CommentItem comment={comment} isOpen={isOpen} onToggle={setOpen}>
      {isOpen && comment.replyCount > 0 && <Replies comment={comment} />}
    </CommentItem>
  );
}

function Replies({ comment }: { comment: Comment }) {
  const { comment: texts } = useMessages();
  const replies = useReplies(comment.id, true);
  const { items, isPending, isError, error, refetch } = replies;
  const isDeleted = useDeleted("comment");
  const again = useCallback(() => void refetch(), [refetch]);
  return (
    <div className="replies">
      {isPending && <Skeleton rows={1} />}
      {isError && items.length === 0 && <Problem error={error} onRetry={again} />}
      {items
        .filter((reply) => !isDeleted(reply))
        .map((reply) => (
          <Thread key={reply.id} comment={reply} />
        ))}
      <MoreComments label={texts.moreReplies} size="small" query={replies} />
    </div>
  );
}
