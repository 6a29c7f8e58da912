import { fileURLToPath } from "node:url";

/** A few hundred of the texts of the Naver sentiment movie corpus (CC0), so that most keywords are in some. */
export const SAMPLE = fileURLToPath(new URL("sample.tsv", import.meta.url));
