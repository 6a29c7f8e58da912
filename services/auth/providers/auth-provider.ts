import type { Credentials } from "../credential.repository.ts";

/** How a member is known to a provider: the row of `login_identities`. */
export interface LoginIdentity {
  readonly provider: string;
  readonly subject: string;
}

/**
 * A way to log in. `Proof` is what the client brings: an e-mail and a password, or another service's word.
 * A new provider is a class like `email-provider.ts`, an entry in `index.ts`, and an action that takes its proof.
 */
export interface AuthProvider<Proof = never> {
  readonly name: string;
  /** The member's credentials, or undefined when the proof doesn't hold; takes the same time either way. */
  authenticate(proof: Proof): Promise<Credentials | undefined>;
}
