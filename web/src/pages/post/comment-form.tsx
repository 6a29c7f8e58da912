import { useId } from "react";
import { ComposerFooter } from "../../components/composer/composer-footer.tsx";
import { type ComposerProps, useComposer } from "../../components/composer/use-composer.ts";
import { ProblemLine } from "../../components/states/states.tsx";
import { useDraft } from "../../lib/drafts.ts";
import { isBlank, lengthOf } from "../../lib/length.ts";

const MAX_CONTENT = 1_000;

interface CommentFormProps extends ComposerProps {
  readonly label: string;
  readonly initial?: string;
  onSubmit(content: string): Promise<unknown>;
}

/** Writes a comment or a reply, or edits one. */
export function CommentForm(props: CommentFormProps) {
  const { draft, label, initial, onSubmit, onDone, onCancel, autoFocus, ...labels } = props;
  const content = useDraft(draft, initial);
  const id = useId();
  const { form, error, ...composer } = useComposer({
    isReady: !isBlank(content.text) && lengthOf(content.text) <= MAX_CONTENT,
    send: () => onSubmit(content.text),
    clear: content.clear,
    onDone,
    onCancel,
  });

  return (
    <form className="comment-form" {...form}>
      <textarea
        // biome-ignore lint/a11y/noAutofocus: whoever asks to reply wants to type
        autoFocus={autoFocus}
        aria-label={label}
        aria-describedby={`${id}-count`}
        placeholder={label}
        rows={1}
        value={content.text}
        readOnly={composer.isBusy}
        onChange={(event) => content.write(event.target.value)}
        dir="auto"
      />
      <ProblemLine error={error} />
      {(content.text !== "" || onCancel) && (
        <ComposerFooter
          {...labels}
          composer={composer}
          counter={{ id: `${id}-count`, text: content.text, limit: MAX_CONTENT }}
        />
      )}
    </form>
  );
}
