import { createRequire } from "node:module";
import type { Config } from "../../config/index.ts";
import { EmbeddedIndex } from "./embedded/embedded-index.ts";
import type { SearchIndex } from "./search-index.ts";

export { highlights } from "./highlights.ts";

/** The index that the configuration names, not open yet. */
export function searchIndex({ search }: Pick<Config, "search">): SearchIndex {
  if (search.kind === "sqlite") return new EmbeddedIndex(search.file);
  // Loaded where it is used, since the client is large; and not awaited, since whoever needs the index can't wait.
  const { TypesenseIndex }: typeof import("./typesense/typesense-index.ts") = createRequire(import.meta.url)(
    "./typesense/typesense-index.ts",
  );
  return new TypesenseIndex(search);
}
