import { type ReactNode, useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { IconButton } from "../components/button/button.tsx";
import { useMessages } from "../i18n/language.ts";
import { canGoBack, countVisit } from "./navigation.ts";
import "./page.css";

interface PageProps {
  readonly title: string;
  /** What the bar says in place of the title, which then is for the tab of the browser. */
  readonly barTitle?: string;
  /** Hidden where something else on the page shows it. */
  readonly titleLook?: "bar" | "hidden";
  readonly back?: boolean;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of a page: document title, heading, and the focus on it when one comes here from another page. */
export function Page({
  title,
  barTitle = title,
  titleLook = "bar",
  back = false,
  actions,
  children,
}: PageProps) {
  const { dialog } = useMessages();
  const [, navigate] = useLocation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Some pages have a better place for it, and took it there.
    const isTaken = heading.current?.closest("main")?.contains(document.activeElement);
    if (countVisit() > 0 && !isTaken) heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    document.title = `${title} · dailyfeed`;
  }, [title]);
  return (
    <>
      <header className={titleLook === "hidden" ? "visually-hidden" : "page-bar"}>
        {back && (
          <IconButton
            icon="back"
            label={dialog.back}
            onClick={() => (canGoBack() ? history.back() : navigate("/"))}
          />
        )}
        <h1 ref={heading} tabIndex={-1}>
          {barTitle}
        </h1>
        {actions}
      </header>
      {children}
    </>
  );
}
