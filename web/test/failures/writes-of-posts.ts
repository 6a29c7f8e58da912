import type { Page } from "playwright-core";
import { box, button, count, edit, isText, likeAndUnlike, remove, says, type Write } from "./write.ts";

const MENU = "What to do with this post";
const post = (page: Page, text: string) => page.locator("main article.post-card").filter({ hasText: text });
const like = (page: Page) => page.locator("main article.full-post").getByRole("button", { name: /Like/ });

/** Writing, editing, deleting and liking posts. */
export const POST_WRITES: readonly Write[] = [
  {
    operation: "POST /posts",
    window: "own",
    path: () => "/mine",
    prepare: (page) => box(page).fill("Worth the trouble"),
    act: (page) => box(page).press("Control+Enter"),
    kept: (page) => isText(box(page), "Worth the trouble"),
    busy: (page) => button(page, "Posting…").waitFor(),
    done: (page) => says(page, "Your post is out."),
    once: (given) => count(given, "/api/timeline/posts", "Worth the trouble", 1),
  },
  {
    operation: "PUT /posts/{id}",
    window: "own",
    path: () => "/mine",
    prepare: async (page) => {
      await edit(page, post(page, "My own post"), MENU);
      await post(page, "").getByRole("textbox", { name: "Text" }).fill("My better post");
    },
    act: (page) => post(page, "").getByRole("textbox", { name: "Text" }).press("Control+Enter"),
    kept: (page) => isText(post(page, "").getByRole("textbox", { name: "Text" }), "My better post"),
    busy: (page) => button(page, "Saving…").waitFor(),
    done: (page) => post(page, "My better post").getByText("edited").waitFor(),
  },
  {
    operation: "DELETE /posts/{id}",
    window: "with clock",
    path: () => "/mine",
    act: (page) => remove(page, post(page, "My own post"), MENU),
    kept: (page) => post(page, "My own post").waitFor(),
    done: (page) => page.getByText("You have not written anything yet").waitFor(),
    once: (given) => count(given, "/api/timeline/posts", "My own post", 0),
  },
  ...likeAndUnlike("posts", like),
];
