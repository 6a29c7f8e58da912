import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EmbeddedIndex } from "../../lib/search/embedded/embedded-index.ts";
import { SearchUnavailableError } from "../../lib/search/search-index.ts";
import { searchIndexContract } from "./index-contract.ts";

function folder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "search-index-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

describe("the embedded index", () => {
  searchIndexContract(async () => {
    const { path, remove } = folder();
    return {
      connect: () => new EmbeddedIndex(join(path, "data", "search.sqlite")),
      remove: async () => remove(),
    };
  });

  it("is away while its file can't be used", async () => {
    const { path, remove } = folder();
    const file = join(path, "search.sqlite");
    writeFileSync(file, "no database ".repeat(1_000));
    const index = new EmbeddedIndex(file);
    await expect(index.open()).rejects.toThrow(SearchUnavailableError);
    await expect(index.putPosts([{ id: 1, title: "", content: "글" }])).rejects.toThrow(
      SearchUnavailableError,
    );
    await expect(index.findPosts({ keyword: "글", offset: 0, limit: 1 })).rejects.toThrow(
      SearchUnavailableError,
    );
    await expect(index.idsAfter("posts", 0, 1)).rejects.toThrow(SearchUnavailableError);
    rmSync(file);
    await index.open();
    expect(await index.idsAfter("posts", 0, 1)).toEqual([]);
    await index.close();
    await expect(index.idsAfter("posts", 0, 1)).rejects.toThrow(SearchUnavailableError);
    remove();
  });
});
