import { useEffect, useState } from "react";
import { useSearch } from "wouter";
import { Page } from "../../app/page.tsx";
import { WriteBox } from "../../components/composer/write-box.tsx";
import { Icon } from "../../components/icon/icon.tsx";
import { PostList } from "../../components/post/post-list.tsx";
import { PartProblem } from "../../components/states/states.tsx";
import { Tabs } from "../../components/tabs/tabs.tsx";
import { useMessages } from "../../i18n/language.ts";
import { useEndless } from "../../queries/endless.ts";
import {
  FEEDS,
  type Feed,
  type FeedName,
  feedKey,
  isRanked,
  loadFeed,
  WINDOWS,
  type Window,
} from "../../queries/feeds.ts";
import { isGrowing, useNewPosts } from "../../queries/new-posts.ts";
import type { Post } from "../../queries/types.ts";
import { EmptyFeed } from "./empty-feed.tsx";
import "./feed-page.css";

const pathOf = (name: FeedName) => (name === "following" ? "/" : `/${name}`);

export function FeedPage({ name }: { name: FeedName }) {
  const { feed: texts } = useMessages();
  const asked = new URLSearchParams(useSearch()).get("window");
  const window = WINDOWS.find((known) => known === asked) ?? "all";
  const feed: Feed = { name, window };
  return (
    <Page title={texts[name]} titleLook="hidden">
      <div className="feed-tabs">
        <Tabs
          label={texts.tabs}
          tabs={FEEDS.map((each) => ({ href: pathOf(each), label: texts[each], current: each === name }))}
        />
      </div>
      <WriteBox />
      {isRanked(feed) && <WindowTabs name={name} window={window} />}
      <FeedList key={`${name} ${window}`} feed={feed} />
    </Page>
  );
}

function WindowTabs({ name, window }: { name: FeedName; window: Window }) {
  const { feed: texts } = useMessages();
  const tabs = WINDOWS.map((each) => ({
    href: each === "all" ? pathOf(name) : `${pathOf(name)}?window=${each}`,
    label: texts.windows[each],
    current: each === window,
  }));
  return <Tabs label={texts.window} look="pill" tabs={tabs} />;
}

function FeedList({ feed }: { feed: Feed }) {
  const { feed: texts } = useMessages();
  const query = useEndless<Post>(feedKey(feed), (cursor, signal) => loadFeed(feed, cursor, signal));
  return (
    <>
      {isGrowing(feed) && query.items.length > 0 && <NewPosts feed={feed} known={query.items} />}
      <PostList
        name={feedKey(feed).join(" ")}
        label={texts[feed.name]}
        query={query}
        empty={<EmptyFeed feed={feed} />}
      />
    </>
  );
}

/** Announced, not pushed in: the reader's place stays where it is. */
function NewPosts({ feed, known }: { feed: Feed; known: readonly Post[] }) {
  const { feed: texts, problem } = useMessages();
  const { count, show, isError, refetch } = useNewPosts(feed, known);
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    // Not before the list has them.
    if (!isShown || count > 0) return;
    window.scrollTo({ top: 0 });
    document.querySelector<HTMLElement>("main article[tabindex]")?.focus({ preventScroll: true });
    setShown(false);
  }, [isShown, count]);
  return (
    <>
      {isError && <PartProblem text={problem.newPosts} onRetry={refetch} />}
      <div className="new-posts" role="status">
        {count > 0 && (
          <button
            type="button"
            className="button button-primary button-small"
            onClick={() => {
              show();
              setShown(true);
            }}
          >
            <Icon name="up" size={16} /> {texts.newPosts(count)}
          </button>
        )}
      </div>
    </>
  );
}
