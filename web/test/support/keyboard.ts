import type { Locator, Page } from "playwright-core";

/** Most stops of the focus on any of our pages. */
const MOST_STOPS = 200;

/** Somebody with a keyboard and no mouse. */
export class Keyboard {
  readonly #page: Page;
  /** Places where the focus was lost, or could not be seen. */
  readonly lost: string[] = [];

  constructor(page: Page) {
    this.#page = page;
  }

  /** Goes on with Tab until the focus is there. */
  async to(target: Locator): Promise<void> {
    await target.first().waitFor({ state: "attached" });
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      await this.#page.keyboard.press("Tab");
      await this.#look();
      const isThere = await target.evaluateAll((all) => all.includes(document.activeElement as HTMLElement));
      if (isThere) return;
    }
    throw new Error(`The focus never comes to ${target}`);
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  /** Replaces what a field holds. */
  async type(text: string): Promise<void> {
    await this.#page.keyboard.press("Control+a");
    await this.#page.keyboard.insertText(text);
  }

  /** After a step: the focus must be somewhere. */
  async keeps(step: string): Promise<void> {
    const isSomewhere = () =>
      this.#page
        .waitForFunction(() => document.activeElement !== document.body, undefined, { timeout: 30_000 })
        .then(() => true)
        .catch(() => false);
    if (!(await isSomewhere())) this.lost.push(`lost after: ${step}`);
  }

  async #look(): Promise<void> {
    const unseen = await this.#page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return undefined;
      // A field that is not to be seen itself shows it on its label.
      const shown = [element, element.closest("label")].some(
        (each) => each && getComputedStyle(each).outlineStyle !== "none",
      );
      return shown ? undefined : element.outerHTML.slice(0, 120);
    });
    if (unseen) this.lost.push(`not to be seen: ${unseen}`);
  }
}
