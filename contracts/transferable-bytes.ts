import { Type } from "@sinclair/typebox";

/**
 * Bytes among an action's params or in its answer. Within a process they are handed over as they are; the transporter
 * writes JSON, where they become base64: the JSON that a Buffer makes of itself is three times as long.
 */
export class TransferableBytes {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  toJSON(): string {
    return this.bytes.toString("base64");
  }
}

/** The schema of such a value, which may have come either way; `bytesOfOrThrow` reads both. */
export const Bytes = Type.Unsafe<TransferableBytes | string>({ description: "A file" });

/** @throws TypeError for anything else than bytes that were handed over */
export function bytesOfOrThrow(value: unknown): Buffer {
  if (value instanceof TransferableBytes) return value.bytes;
  if (typeof value === "string") return Buffer.from(value, "base64");
  throw new TypeError("expected bytes");
}
