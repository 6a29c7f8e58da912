import { PublishedRules } from "./published-rules.ts";
import { TypesenseDouble } from "./server.ts";

/** The published description of Typesense's API; it is no part of this project. */
const published = process.env.TEST_TYPESENSE_OPENAPI
  ? await PublishedRules.read(process.env.TEST_TYPESENSE_OPENAPI)
  : undefined;

/** A server that is empty, and checks requests by the published description, too, where there is one. */
export async function startDouble(): Promise<TypesenseDouble> {
  const double = new TypesenseDouble(published);
  await double.start();
  return double;
}
