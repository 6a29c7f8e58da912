import { Link } from "wouter";
import { session } from "../../api/browser-session.ts";
import { Avatar } from "../../components/avatar/avatar.tsx";
import { Icon } from "../../components/icon/icon.tsx";
import { FollowButton } from "../../components/member/follow-button.tsx";
import { TextContent } from "../../components/text/text-content.tsx";
import { useMessages } from "../../i18n/language.ts";
import { shortCount } from "../../lib/count.ts";
import { monthOf } from "../../lib/time.ts";
import type { MemberProfile } from "../../queries/types.ts";
import "./profile-header.css";

export function ProfileHeader({ profile }: { profile: MemberProfile }) {
  const { member: texts } = useMessages();
  const { id, displayName, handle, memberName, avatarUrl, bio, verificationStatus } = profile;
  const isMe = id === session.current?.memberId;
  return (
    <section className={`profile profile-hue-${id % 6}`} aria-label={displayName}>
      <div className="profile-band" />
      <div className="profile-top">
        <Avatar name={displayName} url={avatarUrl} memberId={id} size="large" />
        {isMe ? (
          <Link href="/settings" className="button button-plain button-small">
            {texts.edit}
          </Link>
        ) : (
          <FollowButton member={profile} />
        )}
      </div>
      <div>
        <p className="profile-name">
          <bdi>{displayName}</bdi>
          {verificationStatus === "VERIFIED" && (
            <span title={texts.verified}>
              <Icon name="verified" size={20} />
              <span className="visually-hidden">{texts.verified}</span>
            </span>
          )}
        </p>
        <p className="soft">
          @{handle}
          {memberName && memberName !== displayName && (
            <>
              {" · "}
              <bdi>{memberName}</bdi>
            </>
          )}
        </p>
      </div>
      {bio && <TextContent text={bio} />}
      <Facts profile={profile} />
      <p className="profile-counts">
        <Link href={`/@${handle}/followings`}>
          <b>{shortCount(profile.followingsCount)}</b> {texts.followingsCount}
        </Link>
        <Link href={`/@${handle}/followers`}>
          <b>{shortCount(profile.followersCount)}</b> {texts.followersCount(profile.followersCount)}
        </Link>
      </p>
    </section>
  );
}

function Facts({ profile: { location, websiteUrl, createdAt } }: { profile: MemberProfile }) {
  const { member: texts } = useMessages();
  return (
    <ul className="profile-facts">
      {location && (
        <li>
          <Icon name="pin" size={17} />
          <span className="visually-hidden">{texts.location}: </span>
          <bdi>{location}</bdi>
        </li>
      )}
      {websiteUrl && /^https?:\/\//i.test(websiteUrl) && (
        <li>
          <Icon name="link" size={17} />
          <span className="visually-hidden">{texts.website}: </span>
          <a href={websiteUrl} target="_blank" rel="noopener noreferrer nofollow ugc">
            {websiteUrl.replace(/^https?:\/\/(www\.)?|\/$/gi, "")}
          </a>
        </li>
      )}
      <li>
        <Icon name="home" size={17} /> {texts.joined(monthOf(createdAt))}
      </li>
    </ul>
  );
}
