import type { CredentialRepository, Credentials } from "../credential.repository.ts";
import { passwordMatches } from "../passwords.ts";
import type { AuthProvider, LoginIdentity } from "./auth-provider.ts";

export interface EmailProof {
  readonly email: string;
  readonly password: string;
}

/** E-mail and password. Addresses compare without case. */
export class EmailProvider implements AuthProvider<EmailProof> {
  readonly name = "email";
  readonly #credentials: CredentialRepository;

  constructor(credentials: CredentialRepository) {
    this.#credentials = credentials;
  }

  static identityOf(email: string): LoginIdentity {
    return { provider: "email", subject: email.toLowerCase() };
  }

  async authenticate({ email, password }: EmailProof): Promise<Credentials | undefined> {
    const { provider, subject } = EmailProvider.identityOf(email);
    const found = await this.#credentials.findByIdentity(provider, subject);
    return (await passwordMatches(password, found?.passwordHash)) ? found : undefined;
  }
}
