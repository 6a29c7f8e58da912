import { type ReactNode, Suspense } from "react";
import { Link } from "wouter";
import { Logo } from "../components/icon/icon.tsx";
import { PartProblem, Skeleton } from "../components/states/states.tsx";
import { useMessages } from "../i18n/language.ts";
import { useMe } from "../queries/me.ts";
import { Aside } from "./aside/aside.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { MainNav } from "./main-nav.tsx";
import { OfflineBanner } from "./offline-banner.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import "./member-shell.css";

/** Navigation, the page, and beside it on wide screens what else is going on. */
export function MemberShell({ children }: { children: ReactNode }) {
  const { skip } = useMessages();
  const me = useMe();
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        {skip}
      </a>
      <header className="shell-side">
        <Link href="/" className="shell-brand">
          <Logo /> <span>dailyfeed</span>
        </Link>
        <MainNav />
      </header>
      <main id="main" tabIndex={-1} className="shell-main">
        <OfflineBanner />
        {me.isError && !me.data && <PartProblem onRetry={me.refetch} />}
        <ErrorBoundary>
          <Suspense fallback={<Skeleton />}>{children}</Suspense>
        </ErrorBoundary>
      </main>
      <Aside />
      <Shortcuts />
    </div>
  );
}
