import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { useMessages } from "../../i18n/language.ts";
import { IconButton } from "../button/button.tsx";
import "./dialog.css";

interface DialogProps {
  readonly title: string;
  onClose(): void;
  readonly children: ReactNode;
}

/** Modal: the focus goes in, stays in, and comes back to where it was. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const { dialog: texts } = useMessages();
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before it leaves the page: only a dialog that is closed gives the focus back.
  useLayoutEffect(() => {
    const { current } = element;
    current?.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={texts.close} onClick={onClose} />
      </header>
      {children}
    </dialog>
  );
}
