import { Link } from "wouter";
import "./tabs.css";

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly {
    readonly href: string;
    readonly label: string;
    readonly current: boolean;
    readonly count?: string;
  }[];
  readonly look?: "line" | "pill";
}

/** Parts of a page that have addresses of their own: links, not ARIA tabs. */
export function Tabs({ label, tabs, look = "line" }: TabsProps) {
  return (
    <nav aria-label={label} className={`tabs tabs-${look}`}>
      <ul>
        {tabs.map(({ href, label: text, current, count }) => (
          <li key={href}>
            <Link href={href} aria-current={current ? "page" : undefined}>
              {text} {count !== undefined && <span className="tabs-count">{count}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
