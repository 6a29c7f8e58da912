import { useSyncExternalStore } from "react";
import { useMessages } from "../../i18n/language.ts";
import { Button, IconButton } from "../button/button.tsx";
import { currentToasts, dismiss, subscribe, type Toast } from "./toasts.ts";
import "./toaster.css";

export function Toaster() {
  const { toast: texts } = useMessages();
  const toasts = useSyncExternalStore(subscribe, currentToasts);
  return (
    <section className="toaster" aria-label={texts.region} aria-live="polite">
      {toasts.map((toast) => (
        <ToastRow key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastRow({ toast: { id, text, tone, action } }: { toast: Toast }) {
  const { toast: texts } = useMessages();
  return (
    <div className={`toast toast-${tone}`}>
      <p>{text}</p>
      {action && (
        <Button
          size="small"
          look="plain"
          onClick={() => {
            action.run();
            dismiss(id);
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton icon="close" label={texts.close} onClick={() => dismiss(id)} />
    </div>
  );
}
