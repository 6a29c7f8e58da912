import { useEffect } from "react";
import { Page } from "../../app/page.tsx";
import { ActivityRow } from "../../components/activity/activity-row.tsx";
import { EndlessList } from "../../components/list/endless-list.tsx";
import { Empty, PartProblem } from "../../components/states/states.tsx";
import { useMessages } from "../../i18n/language.ts";
import { markSeen, useActivities, useActivityPosts } from "../../queries/activities.ts";

/** What the people I follow have been doing. */
export function ActivityPage() {
  const { activity: texts } = useMessages();
  const activities = useActivities();
  const { data: posts, isError, refetch } = useActivityPosts(activities.items);
  const newest = activities.items[0]?.createdAt;
  useEffect(() => {
    if (newest) markSeen(newest);
  }, [newest]);
  return (
    <Page title={texts.title}>
      {isError && <PartProblem onRetry={refetch} />}
      <EndlessList
        name="activities"
        label={texts.lead}
        kind="member"
        query={activities}
        empty={
          <Empty icon="activity" title={texts.empty}>
            <p>{texts.emptyText}</p>
          </Empty>
        }
        render={(activity) => (
          <article>
            <ActivityRow activity={activity} post={posts?.get(activity.postId ?? 0)} />
          </article>
        )}
      />
    </Page>
  );
}
