import { useCallback, useEffect } from "react";
import { Problem, Skeleton } from "../../components/states/states.tsx";
import { useMessages } from "../../i18n/language.ts";
import { useComments, useCreateComment } from "../../queries/comments.ts";
import { useDeleted } from "../../queries/deletions.ts";
import type { Post } from "../../queries/types.ts";
import { CommentForm } from "./comment-form.tsx";
import { MoreComments } from "./more-comments.tsx";
import { Thread } from "./thread.tsx";

/** Threads whose replies are open from the start. */
const OPEN_THREADS = 10;

export function Comments({ post }: { post: Post }) {
  const { comment: texts } = useMessages();
  const comments = useComments(post.id);
  const create = useCreateComment(post.id);
  const isDeleted = useDeleted("comment");
  const { items, isPending, isError, error, refetch } = comments;
  const again = useCallback(() => void refetch(), [refetch]);
  const shown = items.filter((comment) => !isDeleted(comment));

  useEffect(() => {
    if (location.hash !== "#comments") return;
    document.getElementById("comments")?.scrollIntoView();
  }, []);

  return (
    <section className="comments" aria-labelledby="comments">
      <h2 id="comments" tabIndex={-1}>
        {texts.heading} <span className="soft">{post.commentCount}</span>
      </h2>
      <CommentForm
        draft={`comment.${post.id}`}
        label={texts.write}
        submitLabel={texts.send}
        busyLabel={texts.sending}
        onSubmit={(content) => create.mutateAsync(content)}
      />
      {isPending && <Skeleton rows={3} />}
      {isError && items.length === 0 && <Problem error={error} onRetry={again} />}
      {!isPending && !isError && shown.length === 0 && <p className="soft">{texts.none}</p>}
      {shown.map((comment, index) => (
        <Thread key={comment.id} comment={comment} startsOpen={index < OPEN_THREADS} />
      ))}
      <MoreComments label={texts.more} query={comments} />
    </section>
  );
}
