import { writeSchemaFile } from "./schema-file.ts";

writeSchemaFile();
