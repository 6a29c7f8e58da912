import { lazy } from "react";
import { Redirect, Route, Switch } from "wouter";
import { FeedPage } from "../pages/feed/feed-page.tsx";
import { safePath } from "./navigation.ts";

const PostPage = lazy(async () => ({ default: (await import("../pages/post/post-page.tsx")).PostPage }));
const MemberPage = lazy(async () => ({
  default: (await import("../pages/member/member-page.tsx")).MemberPage,
}));
const SearchPage = lazy(async () => ({
  default: (await import("../pages/search/search-page.tsx")).SearchPage,
}));
const ActivityPage = lazy(async () => ({
  default: (await import("../pages/activity/activity-page.tsx")).ActivityPage,
}));
const SettingsPage = lazy(async () => ({
  default: (await import("../pages/settings/settings-page.tsx")).SettingsPage,
}));
const NotFoundPage = lazy(async () => ({
  default: (await import("../pages/not-found/not-found-page.tsx")).NotFoundPage,
}));

function WhereOneCameFrom() {
  return <Redirect to={safePath(new URLSearchParams(location.search).get("next"))} replace />;
}

/** Every page of a member. */
export function Routes() {
  return (
    <Switch>
      <Route path="/">
        <FeedPage name="following" />
      </Route>
      <Route path="/recent">
        <FeedPage name="recent" />
      </Route>
      <Route path="/popular">
        <FeedPage name="popular" />
      </Route>
      <Route path="/commented">
        <FeedPage name="commented" />
      </Route>
      <Route path="/mine">
        <FeedPage name="mine" />
      </Route>
      <Route path={/^\/posts\/(?<id>[1-9]\d{0,15})\/?$/}>
        {({ id }) => <PostPage key={id} id={Number(id)} />}
      </Route>
      <Route path={/^\/@(?<handle>\w{3,50})(?:\/(?<part>followers|followings))?\/?$/}>
        {({ handle = "", part }) => (
          <MemberPage
            key={handle.toLowerCase()}
            handle={handle}
            part={part === "followers" || part === "followings" ? part : "posts"}
          />
        )}
      </Route>
      <Route path="/search" component={SearchPage} />
      <Route path="/activity" component={ActivityPage} />
      <Route path="/settings/:section?">
        {({ section }) => <SettingsPage section={section ?? "profile"} />}
      </Route>
      <Route path="/login" component={WhereOneCameFrom} />
      <Route path="/signup" component={WhereOneCameFrom} />
      <Route component={NotFoundPage} />
    </Switch>
  );
}

/** Loads what is likely to be wanted next, when there is nothing else to do. */
export function loadPagesAhead(): void {
  const load = () => {
    void import("../pages/post/post-page.tsx").catch(() => undefined);
    void import("../pages/member/member-page.tsx").catch(() => undefined);
    void import("../pages/not-found/not-found-page.tsx").catch(() => undefined);
  };
  if ("requestIdleCallback" in window) requestIdleCallback(load, { timeout: 5_000 });
  else setTimeout(load, 2_000);
}
