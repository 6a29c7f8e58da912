import { ServiceBroker } from "moleculer";
import type { TokenPair } from "../../contracts/dto/tokens.ts";
import type { AccessTokenIdentity } from "../../contracts/meta.ts";
import { MemoryStore } from "../../lib/key-value/memory-store.ts";
import { type Sql, sql } from "../../lib/sql/sql.ts";
import { AjvValidator } from "../../lib/validation/ajv-validator.ts";
import { AccessTokenVerifier } from "../../services/api/authentication/access-token-verifier.ts";
import { SecurityView } from "../../services/api/authentication/security-view.ts";
import authService from "../../services/auth/auth.service.ts";
import memberService from "../../services/member/member.service.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";

export const PASSWORD = "Sunny#day1";

export interface Member {
  readonly id: number;
  readonly email: string;
  readonly handle: string;
}

/** One log-in as its client knows it. */
export interface Session {
  readonly memberId: number;
  readonly tokens: TokenPair;
}

let members = 0;

/** Auth and member without a gateway; the token check is made by hand. */
export class AuthApp {
  readonly services: ServiceUnderTest;
  readonly keyValue = new MemoryStore();
  readonly #brokers: ServiceBroker[] = [];

  private constructor(services: ServiceUnderTest) {
    this.services = services;
  }

  static async start(): Promise<AuthApp> {
    return new AuthApp(await startServices(authService, memberService));
  }

  get database() {
    return this.services.database;
  }

  async stop(): Promise<void> {
    for (const broker of this.#brokers) await broker.stop();
    this.keyValue.close();
    await this.services.stop();
  }

  /** Another node on the same store, without a mesh between them. */
  async startNode(): Promise<ServiceBroker> {
    const broker = new ServiceBroker({ logger: false, validator: new AjvValidator() });
    broker.createService(authService(this.services.config));
    this.#brokers.push(broker);
    await broker.start();
    return broker;
  }

  async signUp(fields: object = {}): Promise<Member> {
    const handle = `Member_${++members}`;
    const base = { email: `${handle}@Example.com`, password: PASSWORD, memberName: "이름", handle };
    const account = { ...base, ...fields };
    const { id } = await this.services.call<{ id: number }>("auth.signUp", account);
    return { id, email: account.email, handle: account.handle };
  }

  async logIn({ email }: Pick<Member, "email">, password = PASSWORD): Promise<Session> {
    const { data, tokens } = await this.services.call<{ data: { memberId: number }; tokens: TokenPair }>(
      "auth.logIn",
      { email, password },
    );
    return { memberId: data.memberId, tokens };
  }

  async join(): Promise<Session> {
    return this.logIn(await this.signUp());
  }

  /** A call with what the gateway would put into the meta for this session's access token. */
  async as<T>({ memberId, tokens }: Session, action: string, params: object = {}): Promise<T> {
    const { jti, exp } = claimsOf(tokens.accessToken);
    const accessToken: AccessTokenIdentity = { jti, expiresAt: exp };
    return this.services.broker.call(action, params, { meta: { memberId, accessToken } });
  }

  async refresh(session: Session): Promise<Session> {
    const { refreshToken } = session.tokens;
    const { tokens } = await this.services.call<{ tokens: TokenPair }>("auth.refreshSession", {
      refreshToken,
    });
    return { ...session, tokens };
  }

  /** A gateway's check that has seen nothing so far. `now`: epoch milliseconds. */
  verifier(now?: () => number): AccessTokenVerifier {
    return new AccessTokenVerifier(new SecurityView(this.database, now), this.keyValue, now);
  }

  /** The verdict of a gateway that starts now: "primary" or "former" for a good token, else the error code. */
  async verdictOn({ tokens }: Session): Promise<string> {
    return shortVerdict(this.verifier(), tokens.accessToken);
  }

  async rows<Row extends object>(query: Sql): Promise<Row[]> {
    return this.database.select<Row>(query);
  }

  /** Makes revocations older than they are. */
  async letTimePass(milliseconds: number): Promise<void> {
    await this.database.execute(
      sql`UPDATE refresh_tokens SET revoked_at = revoked_at - ${milliseconds} WHERE revoked_at IS NOT NULL`,
    );
  }

  /** Makes the primary key so old that it is due. */
  async agePrimary(): Promise<void> {
    const age = this.services.config.tokens.keyRotation + 1;
    await this.database.execute(
      sql`UPDATE jwt_keys SET created_at = created_at - ${age} WHERE primary_slot = 1`,
    );
  }
}

export async function shortVerdict(verifier: AccessTokenVerifier, token: string): Promise<string> {
  const verdict = await verifier.verify(`Bearer ${token}`);
  return verdict.ok ? verdict.token.signedBy : `${verdict.refusal.code} ${verdict.refusal.remedy}`;
}

export interface Claims {
  readonly jti: string;
  readonly sub: string;
  readonly id: number;
  readonly gen: number;
  readonly iat: number;
  readonly exp: number;
}

export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

export function kidOf(token: string): string {
  return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()).kid;
}

export const RELOGIN = { type: "INVALID_TOKEN", code: 401, data: { session: "relogin" } };
export const REFRESH_NEEDED = { type: "INVALID_TOKEN", code: 401, data: { session: "refresh" } };
export const WRONG_PASSWORD = { type: "MEMBER_PASSWORD_INVALID", code: 401 };
