export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "good" | "bad";
  readonly action?: { readonly label: string; run(): void };
}

const LIFE = 6_000;

let toasts: readonly Toast[] = [];
let next = 0;
const listeners = new Set<() => void>();

function set(change: (old: readonly Toast[]) => readonly Toast[]): void {
  toasts = change(toasts);
  for (const listener of listeners) listener();
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const currentToasts = () => toasts;

/** Says something for a few seconds; answers how to take it back. */
export function say(
  text: string,
  options: Partial<Pick<Toast, "tone" | "action">> & { life?: number } = {},
): () => void {
  const { tone = "good", action, life = LIFE } = options;
  const id = ++next;
  set((old) => [...old.filter((toast) => toast.text !== text).slice(-2), { id, text, tone, action }]);
  const dismiss = () => set((old) => old.filter((toast) => toast.id !== id));
  setTimeout(dismiss, life);
  return dismiss;
}

export function dismiss(id: number): void {
  set((old) => old.filter((toast) => toast.id !== id));
}
