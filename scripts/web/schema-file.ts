import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configOrThrow } from "../../config/index.ts";
import { openApiDocument } from "../../services/api/openapi.ts";
import { publishedEndpoints } from "../../services/index.ts";
import { openApiTypes } from "./openapi-types.ts";

const FOLDER = fileURLToPath(new URL("../../web/src/api/generated", import.meta.url));

/** Writes the API's types for the web client, from the same schemas as `/api-docs/json`. */
export function writeSchemaFile(): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(
    `${FOLDER}/schema.ts`,
    openApiTypes(openApiDocument(publishedEndpoints(configOrThrow({})), "")),
  );
}
