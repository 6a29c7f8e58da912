import { type FormEvent, type KeyboardEvent, useState } from "react";

/** What every form for a text is told. */
export interface ComposerProps {
  /** Name of its draft. */
  readonly draft: string;
  readonly submitLabel: string;
  readonly busyLabel: string;
  onDone?(): void;
  onCancel?(): void;
  readonly autoFocus?: boolean;
}

interface Composer extends Pick<ComposerProps, "onDone" | "onCancel"> {
  readonly isReady: boolean;
  send(): Promise<unknown>;
  /** Forgets what was typed. */
  clear(): void;
}

/** Sends by the button or Ctrl + Enter, one at a time. What could not be sent stays; Escape leaves, and keeps the draft. */
export function useComposer({ isReady, send, clear, onDone, onCancel }: Composer) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const canSubmit = isReady && !isBusy;

  const onSubmit = async (event?: FormEvent<HTMLFormElement>) => {
    event?.preventDefault();
    if (!canSubmit) return;
    // The button may vanish with the text.
    event?.currentTarget.querySelector("textarea")?.focus();
    setBusy(true);
    setError(undefined);
    try {
      await send();
      clear();
      onDone?.();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void onSubmit();
    if (event.key === "Escape") onCancel?.();
  };
  const cancel =
    onCancel &&
    (() => {
      clear();
      onCancel();
    });
  return { form: { onSubmit, onKeyDown }, error, isBusy, canSubmit, cancel };
}
