/** Posts and comments on the page, as a reader meets them. */
function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("main article[tabindex]")];
}

/** The post or comment so many steps from the one with the focus; the first where there is none. */
export function rowAt(step: number): HTMLElement | undefined {
  const all = rows();
  // The last, since comments lie within those they answer.
  const at = all.findLastIndex((row) => row.contains(document.activeElement));
  return all[at < 0 ? 0 : at + step];
}

/** Before the row with the focus goes: its neighbour takes the focus, so that the reader's place is kept. */
export function leaveRow(): void {
  const all = rows();
  const own = all.findLast((row) => row.contains(document.activeElement));
  if (!own) return;
  const next = all.slice(all.indexOf(own)).find((row) => !own.contains(row));
  const heading = document.querySelector<HTMLElement>("main h1");
  (next ?? all[all.indexOf(own) - 1] ?? heading)?.focus({ preventScroll: true });
}

/** Before a button goes because it was pressed: the row before it, or else what it lies in, takes the focus. */
export function leaveButton(button: HTMLElement): void {
  const before = rows().findLast(
    (row) => row.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  (before ?? button.closest<HTMLElement>("[tabindex]"))?.focus({ preventScroll: true });
}

/** Once the page shows it again. */
export function focusRow(kind: "post" | "comment", id: number): void {
  requestAnimationFrame(() => document.getElementById(`${kind}-${id}`)?.focus({ preventScroll: true }));
}
