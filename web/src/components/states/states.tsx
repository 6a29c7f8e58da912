import { useIsFetching } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { ApiError } from "../../api/api-error.ts";
import { useMessages } from "../../i18n/language.ts";
import { leaveButton } from "../../lib/focus.ts";
import { useOnline } from "../../lib/online.ts";
import { problemText } from "../../lib/problem.ts";
import { Button, type ButtonProps } from "../button/button.tsx";
import { Icon, type IconName } from "../icon/icon.tsx";
import "./states.css";

interface AgainProps extends Pick<ButtonProps, "look" | "size"> {
  readonly label: string;
  onRetry(): unknown;
}

/** What went wrong, what to do, and the button that does it. */
export function Problem({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const messages = useMessages();
  const online = useOnline();
  const { title, again, reference } = messages.problem;
  const isTrying = useIsFetching() > 0;
  const requestId = error instanceof ApiError && error.status >= 500 ? error.requestId : undefined;
  return (
    <div className="state" role="alert">
      <Icon name={online ? "alert" : "offline"} size={32} />
      <h2>{online ? title : messages.offline.title}</h2>
      <p>{online ? problemText(error, messages) : messages.offline.text}</p>
      {requestId && <p className="state-reference">{reference(requestId)}</p>}
      <Again label={isTrying ? messages.loading : again} onRetry={onRetry} />
    </div>
  );
}

/** Gone as soon as it is pressed, in most places: the focus stays near. */
function Again({ label, onRetry, ...look }: AgainProps) {
  return (
    <Button
      {...look}
      onClick={({ currentTarget }) => {
        leaveButton(currentTarget);
        void onRetry();
      }}
    >
      {label}
    </Button>
  );
}

/** A part of the page that is missing, while the rest is there. */
export function PartProblem({ text, onRetry }: { text?: string; onRetry(): unknown }) {
  const { problem } = useMessages();
  return (
    <div className="part-problem" role="status">
      <span>{text ?? problem.part}</span>
      <Again look="quiet" size="small" label={problem.again} onRetry={onRetry} />
    </div>
  );
}

/** One line above the button of a form. */
export function ProblemLine({ error }: { error: unknown }) {
  const messages = useMessages();
  return (
    <div role="alert">
      {error !== undefined && error !== null && (
        <p className="problem-line">
          <Icon name="alert" size={18} /> <span>{problemText(error, messages)}</span>
        </p>
      )}
    </div>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <Icon name={icon} size={32} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Milliseconds after which waiting deserves a word. */
const SLOW = 2_500;

/** The shape of what is coming. */
export function Skeleton({ rows = 4, kind = "post" }: { rows?: number; kind?: "post" | "member" | "line" }) {
  const { loading, problem } = useMessages();
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="skeletons" role="status">
      <span className={isSlow ? "skeleton-slow" : "visually-hidden"}>{isSlow ? problem.slow : loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without identity
        <div key={row} className={`skeleton skeleton-${kind}`} aria-hidden="true">
          <i />
          <b />
          <b />
          <b />
        </div>
      ))}
    </div>
  );
}
