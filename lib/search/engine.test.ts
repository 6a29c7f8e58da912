import { expect, it } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import { EmbeddedIndex } from "./embedded/embedded-index.ts";
import { searchIndex } from "./engine.ts";

it("the index is on Typesense where its address is set, else embedded", () => {
  expect(searchIndex(configOrThrow({ DATA_DIR: "/nowhere" }))).toBeInstanceOf(EmbeddedIndex);
  const variables = { TYPESENSE_URL: "http://127.0.0.1:8108", TYPESENSE_API_KEY: "key" };
  expect(searchIndex(configOrThrow(variables)).constructor.name).toBe("TypesenseIndex");
});
