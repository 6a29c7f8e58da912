import type { ServiceSchema } from "moleculer";
import type { Config } from "../../config/index.ts";
import { BLACKLIST_KEY_PREFIX, TOKENS_REVOKED, type TokensRevoked } from "../../contracts/tokens.ts";
import { onScrape, reading } from "../../lib/metrics/metrics.ts";
import { OutboxMixin } from "../../mixins/outbox.mixin.ts";
import { RedisMixin } from "../../mixins/redis.mixin.ts";
import { SqlMixin } from "../../mixins/sql.mixin.ts";
import { AccountRepository } from "./account.repository.ts";
import { changePassword } from "./actions/change-password.ts";
import { logIn } from "./actions/log-in.ts";
import { logOut, logOutAll } from "./actions/log-out.ts";
import { refreshSession, refreshToken } from "./actions/refresh-session.ts";
import { signUp } from "./actions/sign-up.ts";
import { cleanExpired, listKeys, rotateKeys } from "./actions/signing-keys.ts";
import { continueWithdrawals, withdraw } from "./actions/withdraw.ts";
import type { AuthThis } from "./auth.types.ts";
import { CredentialRepository } from "./credential.repository.ts";
import { ExpiryRepository } from "./expiry.repository.ts";
import { providersOf } from "./providers/index.ts";
import { SessionRepository } from "./session.repository.ts";
import { SigningKeyRepository } from "./signing-key.repository.ts";
import { WithdrawalRepository } from "./withdrawal.repository.ts";

/**
 * Who a member is: sign-up, log-in, sessions, tokens and the keys that sign them, withdrawal.
 * Owns `login_identities`, `member_credentials`, `refresh_tokens`, `jwt_keys`, `jwt_blacklist`; sign-up and withdrawal
 * write member's tables too, in the same transaction. What a token is worth is decided in the gateway.
 */
export default function authService(config: Config): ServiceSchema {
  const { database, redis, tokens, authProviders } = config;
  return {
    name: "auth",
    mixins: [SqlMixin(database), RedisMixin(redis), OutboxMixin(config)],
    actions: {
      signUp,
      logIn,
      refreshToken,
      refreshSession,
      logOut,
      logOutAll,
      changePassword,
      withdraw,

      rotateKeys,
      listKeys,
      cleanExpired,
      continueWithdrawals,
    },
    methods: {
      async announceRevoked(this: AuthThis, revoked: TokensRevoked) {
        const announcements = revoked.accessTokens.map(({ jti, expiresAt }) =>
          this.keyValue.set(BLACKLIST_KEY_PREFIX + jti, "1", expiresAt - Date.now()),
        );
        announcements.push(this.broker.broadcast(TOKENS_REVOKED, revoked));
        for (const result of await Promise.allSettled(announcements)) {
          if (result.status === "fulfilled") continue;
          this.logger.warn(
            { err: result.reason },
            "revocation not announced; it counts within a second all the same",
          );
        }
      },
    },
    created(this: AuthThis) {
      this.credentials = new CredentialRepository(this.database);
      this.accounts = new AccountRepository(this.database, this.outbox);
      this.signingKeys = new SigningKeyRepository(this.database, tokens);
      this.sessions = new SessionRepository(this.database, this.signingKeys, tokens);
      this.withdrawals = new WithdrawalRepository(
        this.database,
        this.credentials,
        this.sessions,
        this.outbox,
      );
      this.expiry = new ExpiryRepository(this.database);
      this.providers = providersOf(authProviders, this.credentials);
    },
    async started(this: AuthThis) {
      await this.signingKeys.ensurePrimary();
      this.hideKeyAge = onScrape(async ({ signingKeyAge }) => {
        const primary = (await this.signingKeys.list()).find(({ isPrimary }) => isPrimary);
        return primary ? [reading(signingKeyAge, (Date.now() - primary.createdAt) / 1_000)] : [];
      });
    },
    stopped(this: AuthThis) {
      this.hideKeyAge?.();
    },
  } as unknown as ServiceSchema;
}
