import { Link, useLocation } from "wouter";
import { Avatar } from "../components/avatar/avatar.tsx";
import { Icon, type IconName } from "../components/icon/icon.tsx";
import { useMessages } from "../i18n/language.ts";
import { useUnseen } from "../queries/activities.ts";
import { useMe } from "../queries/me.ts";
import "./main-nav.css";

const FEED_PATHS = ["/", "/recent", "/popular", "/commented", "/mine"];

/** A column on wide screens, a bar at the bottom of a phone. */
export function MainNav() {
  const { nav } = useMessages();
  const [path] = useLocation();
  const { data: me } = useMe();
  const profile = me ? `/@${me.handle}` : "/settings";
  return (
    <nav className="main-nav" aria-label={nav.main}>
      <ul>
        <Item href="/" icon="home" label={nav.feed} current={FEED_PATHS.includes(path)} />
        <Item href="/search" icon="search" label={nav.search} current={path === "/search"} />
        <ActivityItem current={path === "/activity"} />
        <Item
          href={profile}
          icon="person"
          label={nav.profile}
          current={me !== undefined && path.startsWith(profile)}
        />
        <Item href="/settings" icon="settings" label={nav.settings} current={path.startsWith("/settings")} />
      </ul>
      {me && (
        <Link href={profile} className="main-nav-me">
          <Avatar name={me.displayName} url={me.avatarUrl} memberId={me.id} size="small" />
          <span>
            <b>{me.displayName}</b>
            <span className="soft">@{me.handle}</span>
          </span>
        </Link>
      )}
    </nav>
  );
}

interface ItemProps {
  readonly href: string;
  readonly icon: IconName;
  readonly label: string;
  readonly current: boolean;
  readonly badge?: string;
}

function Item({ href, icon, label, current, badge }: ItemProps) {
  return (
    <li>
      <Link href={href} aria-current={current ? "page" : undefined}>
        <span className="main-nav-icon">
          <Icon name={icon} />
          {badge && <span className="main-nav-dot" />}
        </span>
        <span className="main-nav-label">{label}</span>
        {badge && <span className="visually-hidden">({badge})</span>}
      </Link>
    </li>
  );
}

function ActivityItem({ current }: { current: boolean }) {
  const { nav } = useMessages();
  const unseen = useUnseen();
  return (
    <Item
      href="/activity"
      icon="activity"
      label={nav.activity}
      current={current}
      badge={unseen ? nav.unseen : undefined}
    />
  );
}
