import { Link, useLocation } from "wouter";
import { ActivityRow } from "../../components/activity/activity-row.tsx";
import { MemberRow } from "../../components/member/member-row.tsx";
import { PartProblem } from "../../components/states/states.tsx";
import { useMessages } from "../../i18n/language.ts";
import { useLatestActivities } from "../../queries/activities.ts";
import { useNewMembers } from "../../queries/members.ts";
import "./aside.css";

/** Beside the page on wide screens: what happened, and whom to follow. Says nothing while it has nothing to say. */
export function Aside() {
  const { activity, feed } = useMessages();
  const [path] = useLocation();
  return (
    <aside className="aside" tabIndex={-1} aria-label={activity.title}>
      {path !== "/activity" && <Latest title={activity.title} all={activity.all} />}
      <NewMembers title={feed.people} />
    </aside>
  );
}

function Latest({ title, all }: { title: string; all: string }) {
  const { data = [], isError, refetch } = useLatestActivities();
  if (data.length === 0 && !isError) return null;
  return (
    <section className="aside-card">
      <h2>{title}</h2>
      {isError && data.length === 0 && <PartProblem onRetry={refetch} />}
      <ul>
        {data.map((activity) => (
          <li key={activity.id}>
            <ActivityRow activity={activity} look="compact" />
          </li>
        ))}
      </ul>
      <Link href="/activity">{all}</Link>
    </section>
  );
}

function NewMembers({ title }: { title: string }) {
  const { items, isError, refetch } = useNewMembers();
  if (items.length === 0 && !isError) return null;
  return (
    <section className="aside-card">
      <h2>{title}</h2>
      {isError && items.length === 0 && <PartProblem onRetry={refetch} />}
      <ul>
        {items.slice(0, 4).map((member) => (
          <li key={member.id}>
            <MemberRow member={member} look="compact" />
          </li>
        ))}
      </ul>
    </section>
  );
}
