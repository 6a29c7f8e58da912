import { type FormEvent, type KeyboardEvent, useId, useState } from "react";
import { Button } from "../../components/button/button.tsx";
import { Counter } from "../../components/composer/counter.tsx";
import { ProblemLine } from "../../components/states/states.tsx";
import { useMessages } from "../../i18n/language.ts";
import { useDraft } from "../../lib/drafts.ts";
import { isBlank, lengthOf } from "../../lib/length.ts";

const MAX_CONTENT = 1_000;

interface CommentFormProps {
  readonly draft: string;
  readonly label: string;
  readonly initial?: string;
  readonly submitLabel: string;
  readonly busyLabel: string;
  onSubmit(content: string): Promise<unknown>;
  onDone?(): void;
  onCancel?(): void;
  readonly autoFocus?: boolean;
}

export function CommentForm(props: CommentFormProps) {
  const { draft, label, initial, submitLabel, busyLabel, onSubmit, onDone, onCancel, autoFocus } = props;
  const { post: texts } = useMessages();
  const content = useDraft(draft, initial);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const id = useId();
  const canSubmit = !isBlank(content.text) && lengthOf(content.text) <= MAX_CONTENT && !isBusy;

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!canSubmit) return;
    setBusy(true);
    setError(undefined);
    try {
      await onSubmit(content.text);
      content.clear();
      onDone?.();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
    if (event.key === "Escape") onCancel?.();
  };

  return (
    <form className="comment-form" onSubmit={submit} onKeyDown={onKeyDown}>
      <textarea
        // biome-ignore lint/a11y/noAutofocus: whoever asks to reply wants to type
        autoFocus={autoFocus}
        aria-label={label}
        aria-describedby={`${id}-count`}
        placeholder={label}
        rows={1}
        value={content.text}
        readOnly={isBusy}
        onChange={(event) => content.write(event.target.value)}
        dir="auto"
      />
      <ProblemLine error={error} />
      {(content.text !== "" || onCancel) && (
        <footer>
          <Counter id={`${id}-count`} text={content.text} limit={MAX_CONTENT} />
          {onCancel && (
            <Button
              size="small"
              disabled={isBusy}
              onClick={() => {
                content.clear();
                onCancel();
              }}
            >
              {texts.cancel}
            </Button>
          )}
          <Button type="submit" look="primary" size="small" disabled={!canSubmit} title={texts.shortcut}>
            {isBusy ? busyLabel : submitLabel}
          </Button>
        </footer>
      )}
    </form>
  );
}
