import type { Locator, Page } from "playwright-core";
import type { Client } from "../../../test/support/client.ts";

/** What a member has before something of theirs fails. */
export interface WritesGiven {
  /** The member's own calls, from elsewhere. */
  readonly api: Client;
  /** A post of somebody else's, with a comment of the member's own; they also have one post of their own. */
  readonly postId: number;
}

/** A call that a member makes by doing something. */
export interface Write {
  readonly operation: string;
  path(given: WritesGiven): string;
  /**
   * Whose window it is tried in: that of a member who talks, beside others, one to itself, or one to itself in which time
   * can go faster.
   */
  readonly window: "shared" | "own" | "with clock";
  /** Once: what is to be there before the call is made. */
  prepare?(page: Page): Promise<void>;
  act(page: Page): Promise<void>;
  /** What must hold after each failure: nothing typed is lost, nothing seems done. */
  kept(page: Page): Promise<void>;
  /** What tells that it takes its time. */
  busy?(page: Page): Promise<void>;
  done(page: Page): Promise<void>;
  /** What the server must know in the end: done once. */
  once?(given: WritesGiven): Promise<void>;
}

export const box = (page: Page) => page.getByRole("textbox", { name: "Text" });
export const button = (page: Page, name: string | RegExp) =>
  page.locator("main").getByRole("button", { name });
export const says = (page: Page, text: string) => page.getByText(text, { exact: true }).first().waitFor();
export const onPost = ({ postId }: WritesGiven) => `/posts/${postId}`;

export async function isText(field: Locator, value: string): Promise<void> {
  const found = await field.inputValue();
  if (found !== value) throw new Error(`"${found}" was left of "${value}"`);
}
/** Deletes, and lets the time pass in which it could be undone. */
export async function remove(page: Page, row: Locator, menu: string): Promise<void> {
  await row.getByRole("button", { name: menu }).first().click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await row.first().waitFor({ state: "hidden" });
  await page.clock.runFor(7_000);
}
export async function edit(page: Page, row: Locator, menu: string): Promise<void> {
  await row.getByRole("button", { name: menu }).first().click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
}
export async function count(given: WritesGiven, path: string, text: string, expected: number): Promise<void> {
  const rows: { content: string }[] = (await given.api.get(path)).body.data.content;
  const found = rows.filter(({ content }) => content === text).length;
  if (found !== expected) throw new Error(`"${text}" is there ${found} times`);
}

/** Turning the heart of what is on a post's page, and turning it back. */
export function likeAndUnlike(kind: "posts" | "comments", like: (page: Page) => Locator): Write[] {
  const isPressed = (page: Page, pressed: boolean) =>
    like(page)
      .and(page.locator(`[aria-pressed=${pressed}]`))
      .waitFor();
  const turn = {
    window: "shared",
    path: onPost,
    act: (page: Page) => like(page).click(),
  } as const;
  return [
    {
      ...turn,
      operation: `POST /${kind}/{id}/like`,
      kept: (page) => isPressed(page, false),
      busy: (page) => isPressed(page, true),
      done: (page) => isPressed(page, true),
    },
    {
      ...turn,
      operation: `DELETE /${kind}/{id}/like`,
      prepare: async (page) => {
        await like(page).click();
        await isPressed(page, true);
      },
      kept: (page) => isPressed(page, true),
      busy: (page) => isPressed(page, false),
      done: (page) => isPressed(page, false),
    },
  ];
}
