import type { Page, Route } from "playwright-core";

/** How a call of the API can go wrong. */
export type Fault = "down" | 429 | 500 | 503;
export const FAULTS: readonly Fault[] = ["down", 429, 500, 503];

/** What a page says then. */
export const WORDS: Readonly<Record<Fault, string>> = {
  down: "dailyfeed can't be reached.",
  429: "Too many requests just now.",
  500: "Something went wrong on our side.",
  503: "dailyfeed is busy or being repaired.",
};

/** What the browser itself says about them in its console. */
export const COMPLAINTS = /status of (429|500|503|401|404)|ERR_FAILED|ERR_CONNECTION/;

const SLOW = 3_000;

/** The call of one operation, as a test wants it to go. */
export interface FaultyCall {
  state: Fault | "slow" | "fine";
  /** Lets slow ones go on: they take 3 s, and until the test has seen what it wanted. */
  release(): void;
}

/** Takes hold of the calls of an operation, written as in the OpenAPI file without `/api`: `PUT /posts/{id}`. */
export async function takeHold(page: Page, operation: string): Promise<FaultyCall> {
  const [method, template = ""] = operation.split(" ", 2);
  const path = template.replace(/\{handle\}/g, "\\w+").replace(/\{\w+\}/g, "\\d+");
  const pattern = new RegExp(`^/api${path}$`);
  const released = Promise.withResolvers<void>();
  const call: FaultyCall = { state: "fine", release: released.resolve };
  await page.route(
    ({ pathname }) => pattern.test(pathname),
    async (route) => {
      if (route.request().method() !== method || call.state === "fine") return route.fallback();
      if (call.state !== "slow") return fail(route, call.state);
      await Promise.all([new Promise((resolve) => setTimeout(resolve, SLOW)), released.promise]);
      await route.fallback();
    },
  );
  return call;
}

async function fail(route: Route, fault: Fault): Promise<void> {
  if (fault === "down") return route.abort();
  const body = {
    statusCode: fault,
    resultCode: "FAIL",
    code: "X",
    message: "x",
    path: "/",
    requestId: "r-1",
  };
  await route.fulfill({ status: fault, contentType: "application/json", body: JSON.stringify(body) });
}
