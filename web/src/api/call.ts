import { language } from "../i18n/language.ts";
import { ApiError, errorOf } from "./api-error.ts";
import { session } from "./browser-session.ts";
import type { Operations } from "./generated/schema.ts";
import { answerOf } from "./session.ts";

type Public = "POST /authentication/login" | "POST /authentication/signup";
type Options<K extends keyof Operations> = {
  readonly signal?: AbortSignal;
  /** Goes on when the page is left. */
  readonly keepalive?: boolean;
} & Part<"path", Operations[K]["path"]> &
  Part<"query", Operations[K]["query"]> &
  Part<"body", Operations[K]["body"]>;
type Part<Name extends string, T> = T extends undefined
  ? unknown
  : Record<never, never> extends T
    ? { readonly [key in Name]?: T }
    : { readonly [key in Name]: T };

interface Given {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly keepalive?: boolean;
}

/** Milliseconds after which a call counts as lost: longer than any time-out of the gateway. */
const CALL_TIMEOUT = 35_000;

/**
 * Calls the API as the member who is logged in, and answers the envelope's `data`.
 * @throws ApiError, SessionEndedError
 */
export async function call<K extends keyof Operations>(
  operation: K,
  ...[options = {} as Options<K>]: Record<never, never> extends Options<K> ? [Options<K>?] : [Options<K>]
): Promise<Operations[K]["data"]> {
  const { path, init } = requestOf(operation, options as Given);
  return session.send(path, init, dataOf) as Promise<Operations[K]["data"]>;
}

/** Calls what needs nobody logged in. */
export async function callAsNobody<K extends Public>(
  operation: K,
  body: Operations[K]["body"],
): Promise<{ data: Operations[K]["data"]; response: Response }> {
  const { path, init } = requestOf(operation, { body });
  const response = await answerOf(fetch, path, init);
  if (!response.ok) throw await errorOf(response);
  return { data: (await dataOf(response)) as Operations[K]["data"], response };
}

function requestOf(operation: string, given: Given): { path: string; init: RequestInit } {
  const [method = "GET", template = ""] = operation.split(" ", 2);
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(given.path?.[name])),
  );
  const query = new URLSearchParams(
    Object.entries(given.query ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  ).toString();
  const isForm = given.body instanceof FormData;
  const timeout = AbortSignal.timeout(CALL_TIMEOUT);
  return {
    path: `/api${path}${query && `?${query}`}`,
    init: {
      method,
      headers: {
        "accept-language": language(),
        ...(given.body === undefined || isForm ? {} : { "content-type": "application/json" }),
      },
      body: isForm
        ? (given.body as FormData)
        : given.body === undefined
          ? undefined
          : JSON.stringify(given.body),
      signal: given.signal ? AbortSignal.any([given.signal, timeout]) : timeout,
      keepalive: given.keepalive ?? false,
    },
  };
}

async function dataOf(response: Response): Promise<unknown> {
  try {
    return ((await response.json()) as { data: unknown }).data;
  } catch (error) {
    throw new ApiError(0, { message: String(error) });
  }
}
