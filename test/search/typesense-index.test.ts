import { describe } from "vitest";
import { searchIndexContract } from "./index-contract.ts";
import { emptyTypesense } from "./typesense-servers.ts";

const where = process.env.TEST_TYPESENSE_URL ? "on a server" : "on the double";

describe(`the Typesense index, ${where}`, () => {
  searchIndexContract(emptyTypesense);
});
