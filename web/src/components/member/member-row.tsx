import { Link } from "wouter";
import type { MemberSummary } from "../../queries/types.ts";
import { Avatar } from "../avatar/avatar.tsx";
import { FollowButton } from "./follow-button.tsx";
import "./member-row.css";

export function MemberRow({ member, look = "full" }: { member: MemberSummary; look?: "full" | "compact" }) {
  const { id, displayName, handle, avatarUrl, bio } = member;
  return (
    <div className={`member-row member-row-${look}`}>
      <Avatar name={displayName} url={avatarUrl} memberId={id} size={look === "full" ? "normal" : "small"} />
      <div className="member-row-main">
        <Link href={`/@${handle}`}>
          <b>
            <bdi>{displayName}</bdi>
          </b>
          <span className="soft">@{handle}</span>
        </Link>
        {look === "full" && bio && <p dir="auto">{bio}</p>}
      </div>
      <FollowButton member={member} />
    </div>
  );
}
