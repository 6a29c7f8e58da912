import type { Page } from "playwright-core";
import { picture } from "../support/picture.ts";
import { PASSWORD } from "../support/world.ts";
import { button, says, type Write } from "./write.ts";

const follow = (page: Page) => page.locator("main .profile-top").getByRole("button");
const NEW_PASSWORD = "Rainy#day22";

async function holds(page: Page, label: string, value: string): Promise<void> {
  const found = await page.getByLabel(label, { exact: true }).inputValue();
  if (found !== value) throw new Error(`${label} holds "${found}", not "${value}"`);
}

/** Following, and what the settings offer. */
export const MEMBER_WRITES: readonly Write[] = [
  {
    operation: "POST /members/follow/{memberId}",
    window: "own",
    path: () => "/@writer",
    act: (page) => follow(page).click(),
    kept: (page) =>
      follow(page)
        .and(page.getByRole("button", { name: "Follow Writer", exact: true }))
        .waitFor(),
    busy: (page) =>
      follow(page)
        .and(page.getByRole("button", { name: /Unfollow Writer/ }))
        .waitFor(),
    done: (page) =>
      follow(page)
        .and(page.getByRole("button", { name: /Unfollow Writer/ }))
        .waitFor(),
  },
  {
    operation: "DELETE /members/follow/{memberId}",
    window: "own",
    path: () => "/@writer",
    prepare: async (page) => {
      const answer = page.waitForResponse(/\/members\/follow\//);
      await follow(page).click();
      await answer;
      await follow(page).and(page.locator(":not([aria-disabled])")).waitFor();
    },
    act: (page) => follow(page).click(),
    kept: (page) =>
      follow(page)
        .and(page.getByRole("button", { name: /Unfollow Writer/ }))
        .waitFor(),
    busy: (page) =>
      follow(page)
        .and(page.getByRole("button", { name: "Follow Writer", exact: true }))
        .waitFor(),
    done: (page) =>
      follow(page)
        .and(page.getByRole("button", { name: "Follow Writer", exact: true }))
        .waitFor(),
  },
  {
    operation: "PUT /members/profile",
    window: "own",
    path: () => "/settings",
    prepare: (page) => page.getByLabel("About you").fill("Patient."),
    act: (page) => button(page, "Save").click(),
    kept: (page) => holds(page, "About you", "Patient."),
    busy: (page) => button(page, "Saving…").waitFor(),
    done: (page) => says(page, "Saved."),
  },
  {
    operation: "POST /images/upload/profile",
    window: "own",
    path: () => "/settings",
    prepare: async (page) => {
      const file = { name: "me.png", mimeType: "image/png", buffer: await picture() };
      await page.getByLabel("Choose a picture").setInputFiles(file);
      await page.getByRole("dialog").waitFor();
    },
    act: (page) => page.getByRole("button", { name: "Use this picture" }).click(),
    kept: (page) => page.getByRole("dialog", { name: "Choose the part to show" }).waitFor(),
    busy: (page) => page.getByRole("button", { name: "Uploading…" }).waitFor(),
    done: (page) => says(page, "Your picture is saved."),
  },
  {
    operation: "PUT /members/profile/handle",
    window: "own",
    path: () => "/settings/account",
    prepare: async (page) => {
      const handle = page.getByLabel("Handle");
      await handle.fill(`${await handle.inputValue()}_new`);
    },
    act: (page) => button(page, "Change handle").click(),
    kept: async (page) => {
      const handle = await page.getByLabel("Handle").inputValue();
      if (!handle.endsWith("_new")) throw new Error(`The handle is ${handle} again`);
    },
    busy: (page) => button(page, "Saving…").waitFor(),
    done: (page) => says(page, "Your handle is changed."),
  },
  {
    operation: "PUT /authentication/password",
    window: "own",
    path: () => "/settings/security",
    prepare: async (page) => {
      await page.getByLabel("Current password", { exact: true }).fill(PASSWORD);
      await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
    },
    act: (page) => button(page, "Change password").click(),
    kept: (page) => holds(page, "New password", NEW_PASSWORD),
    busy: (page) => button(page, "Saving…").waitFor(),
    done: (page) => page.getByText("Your password is changed.").waitFor(),
  },
  {
    operation: "POST /authentication/logout-all",
    window: "own",
    path: () => "/settings/security",
    act: (page) => button(page, "Log out everywhere").click(),
    kept: (page) => button(page, "Log out everywhere").waitFor(),
    busy: (page) => button(page, "Logging out…").waitFor(),
    done: (page) => page.getByRole("link", { name: "Sign up" }).waitFor(),
  },
  {
    operation: "DELETE /authentication/deactivate",
    window: "own",
    path: () => "/settings/leave",
    prepare: async (page) => {
      await page.getByLabel("I understand").check();
      await page.getByLabel("Your password", { exact: true }).fill(PASSWORD);
    },
    act: (page) => button(page, "Delete my account for good").click(),
    kept: (page) => holds(page, "Your password", PASSWORD),
    busy: (page) => button(page, "Deleting…").waitFor(),
    done: (page) => page.getByText("Your account is deleted.").waitFor(),
  },
];
