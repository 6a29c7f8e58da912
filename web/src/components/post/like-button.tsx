import { useMessages } from "../../i18n/language.ts";
import { shortCount } from "../../lib/count.ts";
import { Icon } from "../icon/icon.tsx";

interface LikeButtonProps {
  readonly liked: boolean;
  readonly count: number;
  onToggle(): void;
}

export function LikeButton({ liked, count, onToggle }: LikeButtonProps) {
  const { post } = useMessages();
  return (
    <button
      type="button"
      className={`post-action like ${liked ? "is-liked" : ""}`}
      aria-pressed={liked}
      title={liked ? post.unlike : post.like}
      data-like
      onClick={onToggle}
    >
      <Icon name="heart" size={19} filled={liked} />
      <span aria-hidden="true">{shortCount(count)}</span>
      <span className="visually-hidden">
        {post.like}, {post.likes(count)}
      </span>
    </button>
  );
}
