import type { Service, ServiceSchema } from "moleculer";
import type { HealthCheck } from "../lib/health/health-check.ts";
import type { SearchIndex } from "../lib/search/search-index.ts";

/** What a service with `SearchIndexMixin` has. */
export interface SearchIndexMembers {
  /** The index, opened by whoever asks first. @throws SearchUnavailableError */
  searchIndex: () => Promise<SearchIndex>;
  healthChecks: HealthCheck[];
}

type Self = Service & SearchIndexMembers & { closeSearchIndex: () => Promise<void> };

/**
 * Gives a service `this.searchIndex()`. An index that is away doesn't hold up the start: calls fail until it is back,
 * and the health check tells.
 */
export function SearchIndexMixin(makeIndex: (service: Service) => SearchIndex): Partial<ServiceSchema> {
  return {
    name: "",
    created(this: Self) {
      const index = makeIndex(this);
      let opening: Promise<SearchIndex> | undefined;
      this.searchIndex = () => {
        opening ??= index
          .open()
          .then(() => index)
          .catch((error: unknown) => {
            opening = undefined;
            throw error;
          });
        return opening;
      };
      this.closeSearchIndex = async () => {
        await opening?.catch(() => undefined);
        await index.close();
      };
      const check = async () => (await this.searchIndex()).idsAfter("posts", Number.MAX_SAFE_INTEGER - 1, 1);
      this.healthChecks = [...(this.healthChecks ?? []), { name: "search", effect: "required", check }];
    },
    async stopped(this: Self) {
      await this.closeSearchIndex();
    },
  } as unknown as Partial<ServiceSchema>;
}
