import { session } from "../../api/browser-session.ts";
import { useMessages } from "../../i18n/language.ts";
import { useFollow } from "../../queries/follows.ts";
import type { MemberSummary } from "../../queries/types.ts";
import { Button } from "../button/button.tsx";
import "./follow-button.css";

type Followed = Pick<MemberSummary, "id" | "following" | "displayName">;

/** Nothing beside oneself. */
export function FollowButton({ member }: { member: Followed }) {
  const { member: texts } = useMessages();
  const follow = useFollow();
  if (member.id === session.current?.memberId) return null;
  // What is to be seen is part of the name, for those who speak to their device.
  const label = member.following
    ? `${texts.following}: ${texts.unfollowMember(member.displayName)}`
    : texts.followMember(member.displayName);
  return (
    <Button
      className={`follow-button ${member.following ? "is-following" : ""}`}
      look={member.following ? "plain" : "primary"}
      size="small"
      aria-label={label}
      disabled={follow.isPending}
      onClick={() => follow.mutate(member)}
    >
      <span className="follow-state">{member.following ? texts.following : texts.follow}</span>
      {member.following && <span className="follow-hover">{texts.unfollow}</span>}
    </Button>
  );
}
