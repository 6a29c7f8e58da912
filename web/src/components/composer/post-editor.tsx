import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from "react";
import { useMessages } from "../../i18n/language.ts";
import { useDraft } from "../../lib/drafts.ts";
import { isBlank, lengthOf } from "../../lib/length.ts";
import type { PostText } from "../../queries/posts.ts";
import { Button } from "../button/button.tsx";
import { ProblemLine } from "../states/states.tsx";
import { Counter } from "./counter.tsx";
import "./post-editor.css";

const MAX_TITLE = 100;
const MAX_CONTENT = 5_000;

interface PostEditorProps {
  /** Name of its draft. */
  readonly draft: string;
  readonly initial?: PostText;
  readonly submitLabel: string;
  readonly busyLabel: string;
  onSubmit(text: PostText): Promise<unknown>;
  onDone?(): void;
  onCancel?(): void;
  readonly autoFocus?: boolean;
}

/** Writes a post or edits one. What is typed is kept on this device until it is out. */
export function PostEditor(props: PostEditorProps) {
  const { draft, initial, submitLabel, busyLabel, onSubmit, onDone, onCancel, autoFocus } = props;
  const { post: texts } = useMessages();
  const content = useDraft(`${draft}.content`, initial?.content);
  const title = useDraft(`${draft}.title`, initial?.title ?? "");
  const [hasTitle, setHasTitle] = useState(title.text !== "");
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();

  const tooLong = lengthOf(content.text) > MAX_CONTENT || lengthOf(title.text) > MAX_TITLE;
  const canSubmit = !isBlank(content.text) && !tooLong && !isBusy;
  const isOpen = autoFocus || content.text !== "" || hasTitle;

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!canSubmit) return;
    setBusy(true);
    setError(undefined);
    try {
      await onSubmit({ title: hasTitle && title.text !== "" ? title.text : null, content: content.text });
      content.clear();
      title.clear();
      setHasTitle(false);
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
  const cancel = () => {
    content.clear();
    title.clear();
    onCancel?.();
  };

  return (
    <form className={`post-editor ${isOpen ? "is-open" : ""}`} onSubmit={submit} onKeyDown={onKeyDown}>
      {hasTitle && (
        <input
          className="post-editor-title"
          aria-label={texts.title}
          placeholder={texts.title}
          value={title.text}
          readOnly={isBusy}
          onChange={(event) => title.write(event.target.value)}
          dir="auto"
        />
      )}
      <textarea
        ref={area}
        data-composer
        // biome-ignore lint/a11y/noAutofocus: whoever asks to edit wants to type
        autoFocus={autoFocus}
        aria-label={texts.text}
        aria-describedby={`${id}-count`}
        placeholder={texts.write}
        rows={1}
        value={content.text}
        readOnly={isBusy}
        onChange={(event) => content.write(event.target.value)}
        dir="auto"
      />
      <ProblemLine error={error} />
      {isOpen && (
        <footer>
          <Button
            look="quiet"
            size="small"
            onClick={() => {
              if (hasTitle) title.write("");
              setHasTitle(!hasTitle);
              area.current?.focus();
            }}
          >
            {hasTitle ? texts.removeTitle : texts.addTitle}
          </Button>
          <Counter id={`${id}-count`} text={content.text} limit={MAX_CONTENT} />
          {onCancel && (
            <Button size="small" onClick={cancel} disabled={isBusy}>
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
