import { Link } from "wouter";
import { useMessages } from "../../i18n/language.ts";
import type { Comment, Post } from "../../queries/types.ts";
import { RelativeTime } from "../time/relative-time.tsx";
import "./author-line.css";

interface AuthorLineProps {
  readonly row: Post | Comment;
  /** Where the time leads to: the address of the text itself. */
  readonly href: string;
}

/** Who wrote it, and when. A member who has left is no link. */
export function AuthorLine({ row, href }: AuthorLineProps) {
  const { post } = useMessages();
  const { authorHandle, createdAt, updatedAt } = row;
  const name = authorHandle === null ? post.withdrawn : row.authorName;
  return (
    <p className="author-line">
      {authorHandle === null ? (
        <b className="soft">{name}</b>
      ) : (
        <Link href={`/@${authorHandle}`} className="author-name">
          <b>
            <bdi>{name}</bdi>
          </b>
          <span className="soft author-handle">@{authorHandle}</span>
        </Link>
      )}
      <Link href={href} className="author-time">
        <RelativeTime at={createdAt} />
      </Link>
      {updatedAt !== createdAt && <span className="author-edited">{post.edited}</span>}
    </p>
  );
}
