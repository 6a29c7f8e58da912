import { TypesenseIndex } from "../../lib/search/typesense/typesense-index.ts";
import type { IndexUnderTest } from "./index-contract/fixture.ts";
import { API_KEY } from "./typesense-double/server.ts";
import { startDouble } from "./typesense-double/start.ts";

let namespaces = 0;

/** An empty index on the server that TEST_TYPESENSE_URL names, else on a double of its own. */
export async function emptyTypesense(): Promise<IndexUnderTest> {
  const { TEST_TYPESENSE_URL: url, TEST_TYPESENSE_API_KEY: apiKey = "" } = process.env;
  if (url) return onServer(url, apiKey);
  const double = await startDouble();
  return {
    connect: () => new TypesenseIndex({ url: double.url, apiKey: API_KEY, namespace: "test" }),
    remove: async () => {
      await double.stop();
      if (double.violations.length > 0) throw new Error(double.violations.join("\n"));
    },
  };
}

function onServer(url: string, apiKey: string): IndexUnderTest {
  const namespace = `test-${process.pid}-${Date.now().toString(36)}-${namespaces++}`;
  const connect = () => new TypesenseIndex({ url, apiKey, namespace });
  return { connect, remove: () => connect().remove() };
}
