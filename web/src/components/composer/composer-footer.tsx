import type { ReactNode } from "react";
import { useMessages } from "../../i18n/language.ts";
import { Button } from "../button/button.tsx";
import { Counter } from "./counter.tsx";
import type { ComposerProps, useComposer } from "./use-composer.ts";

interface ComposerFooterProps extends Pick<ComposerProps, "submitLabel" | "busyLabel"> {
  readonly composer: Omit<ReturnType<typeof useComposer>, "form" | "error">;
  readonly counter: { readonly id: string; readonly text: string; readonly limit: number };
  readonly children?: ReactNode;
}

/** How much room is left, and the buttons of a form for a text. */
export function ComposerFooter({ composer, counter, submitLabel, busyLabel, children }: ComposerFooterProps) {
  const { post: texts } = useMessages();
  const { isBusy, canSubmit, cancel } = composer;
  return (
    <footer>
      {children}
      <Counter {...counter} />
      {cancel && (
        <Button size="small" onClick={cancel} disabled={isBusy}>
          {texts.cancel}
        </Button>
      )}
      <Button type="submit" look="primary" size="small" disabled={!canSubmit} title={texts.shortcut}>
        {isBusy ? busyLabel : submitLabel}
      </Button>
    </footer>
  );
}
