import { type ReactNode, useEffect, useRef } from "react";
import { countVisit } from "../../app/navigation.ts";
import { VisitorBar } from "./visitor-bar.tsx";
import "./welcome.css";

/** The frame of log-in and sign-up. */
export function AuthFrame({ title, children }: { title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · dailyfeed`;
  }, [title]);
  useEffect(() => {
    if (countVisit() > 0) heading.current?.focus();
  }, []);
  return (
    <>
      <VisitorBar />
      <main className="auth-main" id="main">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </main>
    </>
  );
}
