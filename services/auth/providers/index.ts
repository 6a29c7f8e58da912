import type { CredentialRepository } from "../credential.repository.ts";
import { EmailProvider } from "./email-provider.ts";

/** Every provider there is, by the name that `AUTH_PROVIDERS` switches it on with. */
const PROVIDERS = {
  email: (credentials: CredentialRepository) => new EmailProvider(credentials),
};

export interface Providers {
  readonly email?: EmailProvider;
}

/** The providers that a configuration switches on. */
export function providersOf(names: readonly string[], credentials: CredentialRepository): Providers {
  return { email: names.includes("email") ? PROVIDERS.email(credentials) : undefined };
}
