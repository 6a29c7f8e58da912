import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { Dialog } from "../components/dialog/dialog.tsx";
import { useMessages } from "../i18n/language.ts";
import { rowAt } from "../lib/focus.ts";
import { undoLatest } from "../queries/deletions.ts";
import "./shortcuts.css";

/** Keys for those who never touch the mouse; silent while somebody types, and with Ctrl, Alt or Meta. */
export function Shortcuts() {
  const { shortcuts } = useMessages();
  const [shown, setShown] = useState(false);
  const [, navigate] = useLocation();
  const previous = useRef("");
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
      const chord = previous.current === "g" ? `g ${event.key}` : event.key;
      previous.current = event.key;
      const keys: Record<string, () => void> = {
        n: () => focusComposer(() => navigate("/")),
        "/": () => navigate("/search"),
        j: () => movePost(1),
        k: () => movePost(-1),
        l: () => clickInPost("[data-like]"),
        z: undoLatest,
        "g f": () => navigate("/"),
        "g a": () => navigate("/activity"),
        "?": () => setShown(true),
      };
      const run = keys[chord];
      if (!run || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      run();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [navigate]);
  if (!shown) return null;
  return (
    <Dialog title={shortcuts.title} onClose={() => setShown(false)}>
      <dl className="shortcuts">
        {shortcuts.rows.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [role=menuitem]");
}

function focusComposer(goThere: () => void): void {
  const find = () => document.querySelector<HTMLElement>("[data-composer]");
  if (!find()) goThere();
  setTimeout(() => find()?.focus(), 50);
}

function movePost(step: 1 | -1): void {
  const next = rowAt(step);
  next?.focus({ preventScroll: true });
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  next?.scrollIntoView({ block: "center", behavior: isCalm ? "instant" : "smooth" });
}

function clickInPost(selector: string): void {
  document.activeElement?.closest("article")?.querySelector<HTMLElement>(selector)?.click();
}
