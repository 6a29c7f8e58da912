import type { Page } from "playwright-core";
import { box, button, count, edit, isText, likeAndUnlike, onPost, remove, type Write } from "./write.ts";

const MENU = "What to do with this comment";
const writeBox = (page: Page) => page.getByRole("textbox", { name: "Write a comment" });
const comment = (page: Page, text: string) => page.locator("main article.comment").filter({ hasText: text });
const like = (page: Page) => comment(page, "Mine").getByRole("button", { name: /Like/ });

/** Writing, editing, deleting and liking comments and replies. */
export const COMMENT_WRITES: readonly Write[] = [
  {
    operation: "POST /comments",
    window: "shared",
    path: onPost,
    prepare: (page) => writeBox(page).fill("Me too"),
    act: (page) => writeBox(page).press("Control+Enter"),
    kept: (page) => isText(writeBox(page), "Me too"),
    busy: (page) => button(page, "Sending…").waitFor(),
    done: (page) => comment(page, "Me too").waitFor(),
    once: (given) => count(given, "/api/timeline/comments", "Me too", 1),
  },
  {
    operation: "GET /timeline/comments",
    window: "shared",
    path: onPost,
    // Asked before a comment is sent again of which the answer was lost.
    prepare: async (page) => {
      await page.route("**/api/comments", (route) => route.abort(), { times: 1 });
      await writeBox(page).fill("Lost on the way");
      await writeBox(page).press("Control+Enter");
      await page.getByText("dailyfeed can't be reached.").first().waitFor();
    },
    act: (page) => writeBox(page).press("Control+Enter"),
    kept: (page) => isText(writeBox(page), "Lost on the way"),
    busy: (page) => button(page, "Sending…").waitFor(),
    done: (page) => comment(page, "Lost on the way").waitFor(),
    once: (given) => count(given, "/api/timeline/comments", "Lost on the way", 1),
  },
  {
    operation: "POST /comments/replies",
    window: "shared",
    path: onPost,
    prepare: async (page) => {
      await comment(page, "Mine").getByRole("button", { name: "Reply", exact: true }).click();
      await page.getByRole("textbox", { name: /^Reply to/ }).fill("And yet");
    },
    act: (page) => page.getByRole("textbox", { name: /^Reply to/ }).press("Control+Enter"),
    kept: (page) => isText(page.getByRole("textbox", { name: /^Reply to/ }), "And yet"),
    busy: (page) => button(page, "Sending…").waitFor(),
    done: (page) => page.locator("main .replies article").filter({ hasText: "And yet" }).waitFor(),
    once: (given) => count(given, "/api/timeline/comments", "And yet", 1),
  },
  {
    operation: "PUT /comments/{id}",
    window: "shared",
    path: onPost,
    prepare: async (page) => {
      await edit(page, comment(page, "Mine"), MENU);
      await box(page).fill("Mine, still");
    },
    act: (page) => box(page).press("Control+Enter"),
    kept: (page) => isText(box(page), "Mine, still"),
    busy: (page) => button(page, "Saving…").waitFor(),
    done: (page) => comment(page, "Mine, still").getByText("edited").waitFor(),
  },
  {
    operation: "DELETE /comments/{id}",
    window: "with clock",
    path: onPost,
    act: (page) => remove(page, comment(page, "Mine"), MENU),
    kept: (page) => comment(page, "Mine").waitFor(),
    done: (page) => comment(page, "Mine").waitFor({ state: "hidden" }),
    once: (given) => count(given, "/api/timeline/comments", "Mine", 0),
  },
  ...likeAndUnlike("comments", like),
];
