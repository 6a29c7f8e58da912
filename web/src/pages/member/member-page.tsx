import { useCallback } from "react";
import { hasCode } from "../../api/api-error.ts";
import { Page } from "../../app/page.tsx";
import { EndlessList } from "../../components/list/endless-list.tsx";
import { MemberRow } from "../../components/member/member-row.tsx";
import { PostList } from "../../components/post/post-list.tsx";
import { Empty, Problem, Skeleton } from "../../components/states/states.tsx";
import { Tabs } from "../../components/tabs/tabs.tsx";
import { useMessages } from "../../i18n/language.ts";
import { shortCount } from "../../lib/count.ts";
import { usePostsOf, useProfile, useRelations } from "../../queries/members.ts";
import type { MemberProfile } from "../../queries/types.ts";
import { ProfileHeader } from "./profile-header.tsx";

type Part = "posts" | "followers" | "followings";

export function MemberPage({ handle, part }: { handle: string; part: Part }) {
  const { member: texts } = useMessages();
  const { data, error, refetch } = useProfile(handle);
  const again = useCallback(() => void refetch(), [refetch]);
  const isGone = hasCode(error, "MEMBER_NOT_FOUND");
  return (
    <Page
      title={data ? `${data.displayName} (@${data.handle})` : `@${handle}`}
      barTitle={data?.displayName ?? `@${handle}`}
      back
    >
      {isGone ? (
        <Empty icon="person" title={texts.gone}>
          <p>{texts.goneText}</p>
        </Empty>
      ) : data ? (
        <Profile profile={data} part={part} />
      ) : error ? (
        <Problem error={error} onRetry={again} />
      ) : (
        <Skeleton rows={3} />
      )}
    </Page>
  );
}

function Profile({ profile, part }: { profile: MemberProfile; part: Part }) {
  const { member: texts } = useMessages();
  const href = `/@${profile.handle}`;
  return (
    <>
      <ProfileHeader profile={profile} />
      <Tabs
        label={texts.tabs}
        tabs={[
          { href, label: texts.posts, current: part === "posts" },
          {
            href: `${href}/followers`,
            label: texts.followers,
            count: shortCount(profile.followersCount),
            current: part === "followers",
          },
          {
            href: `${href}/followings`,
            label: texts.followings,
            count: shortCount(profile.followingsCount),
            current: part === "followings",
          },
        ]}
      />
      {part === "posts" ? (
        <Posts memberId={profile.id} />
      ) : (
        <Relations key={part} memberId={profile.id} side={part} />
      )}
    </>
  );
}

function Posts({ memberId }: { memberId: number }) {
  const { member: texts } = useMessages();
  const query = usePostsOf(memberId);
  return (
    <PostList
      name={`author ${memberId}`}
      label={texts.posts}
      query={query}
      empty={<Empty icon="pen" title={texts.noPosts} />}
    />
  );
}

function Relations({ memberId, side }: { memberId: number; side: "followers" | "followings" }) {
  const { member: texts } = useMessages();
  const query = useRelations(memberId, side);
  return (
    <EndlessList
      name={`${side} ${memberId}`}
      label={texts[side]}
      kind="member"
      query={query}
      empty={<Empty icon="person" title={side === "followers" ? texts.noFollowers : texts.noFollowings} />}
      render={(member) => (
        <article>
          <MemberRow member={member} />
        </article>
      )}
    />
  );
}
