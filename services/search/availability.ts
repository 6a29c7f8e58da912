import type { Service } from "moleculer";
import { domainError, isDomainError } from "../../contracts/errors.ts";
import { type SearchIndex, SearchUnavailableError } from "../../lib/search/search-index.ts";
import type { SearchIndexMembers } from "../../mixins/search-index.mixin.ts";

/** Whether something that is needed (the index, an owner, its store) is away for now, so that waiting helps. */
export function isAway(error: unknown): boolean {
  if (error instanceof SearchUnavailableError || isDomainError(error, "SERVICE_UNAVAILABLE")) return true;
  // Services that aren't in the mesh, calls that took too long, nodes that went away.
  return (Object(error) as { retryable?: unknown }).retryable === true;
}

/**
 * What the index answers to a member.
 * @throws SERVICE_UNAVAILABLE while it is away
 */
export async function askIndexOrThrow<T>(
  service: Service & SearchIndexMembers,
  ask: (index: SearchIndex) => Promise<T>,
): Promise<T> {
  try {
    return await ask(await service.searchIndex());
  } catch (error) {
    if (!(error instanceof SearchUnavailableError)) throw error;
    service.logger.debug({ err: error }, "the search index is away");
    throw domainError("SERVICE_UNAVAILABLE");
  }
}
