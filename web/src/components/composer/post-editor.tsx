import { useId, useRef, useState } from "react";
import { useMessages } from "../../i18n/language.ts";
import { useDraft } from "../../lib/drafts.ts";
import { isBlank, lengthOf } from "../../lib/length.ts";
import type { PostText } from "../../queries/posts.ts";
import { Button } from "../button/button.tsx";
import { ProblemLine } from "../states/states.tsx";
import { ComposerFooter } from "./composer-footer.tsx";
import "./post-editor.css";
import { type ComposerProps, useComposer } from "./use-composer.ts";

const MAX_TITLE = 100;
const MAX_CONTENT = 5_000;

interface PostEditorProps extends ComposerProps {
  readonly initial?: PostText;
  onSubmit(text: PostText): Promise<unknown>;
}

/** Writes a post or edits one. What is typed is kept on this device until it is out. */
export function PostEditor(props: PostEditorProps) {
  const { draft, initial, onSubmit, onDone, onCancel, autoFocus, ...labels } = props;
  const { post: texts } = useMessages();
  const content = useDraft(`${draft}.content`, initial?.content);
  const title = useDraft(`${draft}.title`, initial?.title ?? "");
  const [hasTitle, setHasTitle] = useState(title.text !== "");
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const tooLong = lengthOf(content.text) > MAX_CONTENT || lengthOf(title.text) > MAX_TITLE;
  const { form, error, ...composer } = useComposer({
    isReady: !isBlank(content.text) && !tooLong,
    send: () => onSubmit({ title: hasTitle && title.text !== "" ? title.text : null, content: content.text }),
    clear: () => {
      content.clear();
      title.clear();
      setHasTitle(false);
    },
    onDone,
    onCancel,
  });
  const isOpen = autoFocus || content.text !== "" || hasTitle;

  return (
    <form className={`post-editor ${isOpen ? "is-open" : ""}`} {...form}>
      {hasTitle && (
        <input
          className="post-editor-title"
          aria-label={texts.title}
          placeholder={texts.title}
          value={title.text}
          readOnly={composer.isBusy}
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
        readOnly={composer.isBusy}
        onChange={(event) => content.write(event.target.value)}
        dir="auto"
      />
      <ProblemLine error={error} />
      {isOpen && (
        <ComposerFooter
          {...labels}
          composer={composer}
          counter={{ id: `${id}-count`, text: content.text, limit: MAX_CONTENT }}
        >
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
        </ComposerFooter>
      )}
    </form>
  );
}
