import { ApiError, isOutcomeUnknown } from "./api-error.ts";
import type { ApiRequest, ApiResponse, RestClient } from "./rest-client.ts";

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface SignupRequest extends Credentials {
  readonly memberName: string;
  readonly handle: string;
  readonly displayName?: string;
  readonly bio?: string;
  readonly location?: string;
  readonly timezone?: string;
  readonly languageCode?: string;
  readonly countryCode?: string;
  readonly avatarUrl?: string;
}

interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

/**
 * Signs a member up and gives the member's id.
 * @throws ApiError, among others MEMBER_ALREADY_EXISTS and MEMBER_HANDLE_ALREADY_EXISTS
 */
export async function signUp(client: RestClient, request: SignupRequest): Promise<number> {
  const response = await client.send<{ id: number }>({
    method: "POST",
    path: "/authentication/signup",
    body: request,
  });
  return response.data.id;
}

/** One member's calls: logs in at the first one, refreshes when the system asks for it. */
export class MemberSession {
  readonly #client: RestClient;
  readonly #credentials: Credentials;
  #tokens: Tokens | undefined;
  #refreshBeforeNextCall = false;
  #renewal: Promise<Tokens> | undefined;

  constructor(client: RestClient, credentials: Credentials) {
    this.#client = client;
    this.#credentials = credentials;
  }

  /**
   * Logs in and gives the member's id.
   * @throws ApiError MEMBER_PASSWORD_INVALID when there is no such member, too
   */
  async logIn(): Promise<number> {
    const response = await this.#client.send<{ memberId: number }>({
      method: "POST",
      path: "/authentication/login",
      body: this.#credentials,
      repeatable: true,
    });
    this.#tokens = tokensOrThrow(response);
    this.#refreshBeforeNextCall = false;
    return response.data.memberId;
  }

  /** Calls the API as this member and gives the envelope's `data`. */
  async call<T>(request: ApiRequest): Promise<T> {
    const tokens = await this.#currentTokens();
    try {
      return await this.#callWith<T>(request, tokens);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      if (!error.refreshNeeded && !error.reloginRequired) throw error;
      return await this.#callWith<T>(request, await this.#renew(tokens, error.refreshNeeded));
    }
  }

  async #callWith<T>(request: ApiRequest, tokens: Tokens): Promise<T> {
    const response = await this.#client.send<T>({
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${tokens.access}` },
    });
    if (response.refreshNeeded && tokens === this.#tokens) this.#refreshBeforeNextCall = true;
    return response.data;
  }

  async #currentTokens(): Promise<Tokens> {
    if (this.#renewal) return this.#renewal;
    if (!this.#tokens) return this.#renew(undefined, false);
    return this.#refreshBeforeNextCall ? this.#renew(this.#tokens, true) : this.#tokens;
  }

  /** One renewal at a time: a refresh token is good for a single use. */
  #renew(stale: Tokens | undefined, byRefresh: boolean): Promise<Tokens> {
    if (this.#tokens && this.#tokens !== stale) return Promise.resolve(this.#tokens);
    this.#renewal ??= this.#renewTokens(byRefresh ? stale : undefined).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewTokens(stale: Tokens | undefined): Promise<Tokens> {
    if (stale) {
      try {
        this.#tokens = tokensOrThrow(
          await this.#client.send<true>({
            method: "POST",
            path: "/token/refresh",
            headers: { cookie: `refresh_token=${stale.refresh}` },
          }),
        );
        this.#refreshBeforeNextCall = false;
        return this.#tokens;
      } catch (error) {
        const sessionLost = error instanceof ApiError && error.status === 401;
        if (!sessionLost && !isOutcomeUnknown(error)) throw error;
      }
    }
    await this.logIn();
    if (!this.#tokens) throw new Error("the log-in brought no tokens");
    return this.#tokens;
  }
}

function tokensOrThrow(response: ApiResponse<unknown>): Tokens {
  const access = /^Bearer (.+)$/.exec(response.headers.get("authorization") ?? "")?.[1];
  const refresh = response.headers
    .getSetCookie()
    .map((cookie) => /^refresh_token=([^;]+)/.exec(cookie)?.[1])
    .find((value) => value !== undefined);
  if (access === undefined || refresh === undefined) {
    throw new Error("the answer carries no Authorization header or no refresh_token cookie");
  }
  return { access, refresh };
}
