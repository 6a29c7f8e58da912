import type { Service } from "moleculer";
import { actionsOf } from "../../contracts/action.ts";
import type { TokensRevoked } from "../../contracts/tokens.ts";
import type { OutboxMembers } from "../../mixins/outbox.mixin.ts";
import type { RedisMembers } from "../../mixins/redis.mixin.ts";
import type { SqlMembers } from "../../mixins/sql.mixin.ts";
import type { AccountRepository } from "./account.repository.ts";
import type { CredentialRepository } from "./credential.repository.ts";
import type { ExpiryRepository } from "./expiry.repository.ts";
import type { Providers } from "./providers/index.ts";
import type { SessionRepository } from "./session.repository.ts";
import type { SigningKeyRepository } from "./signing-key.repository.ts";
import type { WithdrawalRepository } from "./withdrawal.repository.ts";

export type AuthThis = Service &
  SqlMembers &
  RedisMembers &
  OutboxMembers & {
    accounts: AccountRepository;
    credentials: CredentialRepository;
    sessions: SessionRepository;
    signingKeys: SigningKeyRepository;
    withdrawals: WithdrawalRepository;
    expiry: ExpiryRepository;
    providers: Providers;
    hideKeyAge?: () => void;
    /** Tells every node what a commit has revoked, so that it counts at once; losing it loses a second. */
    announceRevoked(revoked: TokensRevoked): Promise<void>;
  };

export const authAction = actionsOf<AuthThis>();
