import { Link } from "wouter";
import { useMessages } from "../../i18n/language.ts";
import type { FollowedActivity, Post } from "../../queries/types.ts";
import { Avatar } from "../avatar/avatar.tsx";
import { RelativeTime } from "../time/relative-time.tsx";
import "./activity-row.css";

interface ActivityRowProps {
  readonly activity: FollowedActivity;
  /** The post it is about, where it is known. */
  readonly post?: Post;
  readonly look?: "full" | "compact";
}

const EXCERPT = 140;

/** Who did what, and to which post. */
export function ActivityRow({ activity, post, look = "full" }: ActivityRowProps) {
  const { activity: texts } = useMessages();
  const {
    actorName,
    actorHandle,
    actorAvatarUrl,
    memberId,
    memberActivityType,
    postId,
    commentId,
    createdAt,
  } = activity;
  const what = texts.types[memberActivityType] ?? texts.other;
  const href = postId ? `/posts/${postId}${commentId ? "#comments" : ""}` : undefined;
  return (
    <div className={`activity-row activity-row-${look}`}>
      <Avatar name={actorName} url={actorAvatarUrl} memberId={memberId} size="small" />
      <div>
        <p>
          {actorHandle ? <Link href={`/@${actorHandle}`}>{actorName}</Link> : <b>{actorName}</b>}{" "}
          {href ? <Link href={href}>{what}</Link> : what}{" "}
          <span className="soft">
            <RelativeTime at={createdAt} />
          </span>
        </p>
        {post && (
          <p className="activity-post" dir="auto">
            {post.title || [...post.content].slice(0, EXCERPT).join("")}
          </p>
        )}
      </div>
    </div>
  );
}
