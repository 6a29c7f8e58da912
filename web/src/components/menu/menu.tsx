import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Icon, type IconName } from "../icon/icon.tsx";
import "./menu.css";

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  readonly tone?: "danger";
  run(): void;
}

/** A button that opens a short list of actions: arrows move, Escape closes, the focus comes back. */
export function Menu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const close = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", close);
    return () => document.removeEventListener("pointerdown", close);
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    event.stopPropagation();
    if (event.key === "Escape") close();
    if (event.key === "Tab") setOpen(false);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const all = [...(root.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all.at((at + step) % all.length)?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys come up from the button and the items
    <div className="menu" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        ref={button}
        className="icon-button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" size={20} />
      </button>
      {open && (
        <div className="menu-items" role="menu" aria-label={label}>
          {items.map(({ label: text, icon, tone, run }) => (
            <button
              key={text}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={tone === "danger" ? "is-danger" : ""}
              onClick={() => {
                close();
                run();
              }}
            >
              <Icon name={icon} size={18} /> {text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
