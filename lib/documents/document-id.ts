import { createHash } from "node:crypto";

/** Namespace of our name-based UUIDs; any fixed one does. */
const NAMESPACE = Buffer.from("6f1d3c0a9b5e4f2c8d7a41e2b3c5d6f7", "hex");

/**
 * The id of a document as a UUID (version 5, by name): the same name is the same document, wherever and however often
 * it is written.
 */
export function documentIdOf(name: string): string {
  const bytes = createHash("sha1").update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
