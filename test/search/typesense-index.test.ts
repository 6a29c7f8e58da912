import { describe, expect } from "vitest";
import { TypesenseIndex } from "../../lib/search/typesense/typesense-index.ts";
import { searchIndexContract } from "./index-contract.ts";
import { API_KEY } from "./typesense-double/server.ts";
import { startDouble } from "./typesense-double/start.ts";

describe("the Typesense index", () => {
  searchIndexContract(async () => {
    const double = await startDouble();
    return {
      connect: () => new TypesenseIndex({ url: double.url, apiKey: API_KEY, namespace: "test" }),
      remove: async () => {
        await double.stop();
        expect(double.violations).toEqual([]);
      },
    };
  });
});
