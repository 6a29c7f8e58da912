import { Link } from "wouter";
import { MemberRow } from "../../components/member/member-row.tsx";
import { Empty, PartProblem } from "../../components/states/states.tsx";
import { useMessages } from "../../i18n/language.ts";
import { type Feed, isRanked } from "../../queries/feeds.ts";
import { useNewMembers } from "../../queries/members.ts";

/** An empty feed says what will be in it, and what to do. */
export function EmptyFeed({ feed }: { feed: Feed }) {
  const { feed: texts } = useMessages();
  if (feed.name === "following") return <EmptyFollowing />;
  if (feed.name === "mine") return <EmptyMine />;
  const isWindow = isRanked(feed) && feed.window !== "all";
  return (
    <Empty icon="home" title={isWindow ? texts.emptyWindow : texts.empty}>
      <p>{isWindow ? texts.emptyWindowText : texts.emptyText}</p>
    </Empty>
  );
}

function EmptyFollowing() {
  const { feed: texts } = useMessages();
  const { items, isError, refetch } = useNewMembers();
  return (
    <>
      <Empty icon="home" title={texts.emptyFollowing}>
        <p>{items.length > 0 ? texts.emptyFollowingText : texts.emptyFollowingNobody}</p>
        <Link href="/recent" className="button button-plain button-small">
          {texts.seeRecent}
        </Link>
      </Empty>
      {isError && items.length === 0 && <PartProblem onRetry={refetch} />}
      <ul className="empty-people">
        {items.map((member) => (
          <li key={member.id}>
            <MemberRow member={member} />
          </li>
        ))}
      </ul>
    </>
  );
}

function EmptyMine() {
  const { feed: texts } = useMessages();
  return (
    <Empty icon="pen" title={texts.emptyMine}>
      <p>{texts.emptyMineText}</p>
    </Empty>
  );
}
