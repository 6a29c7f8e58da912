import type { ImageKind } from "./image-signature.ts";

/**
 * Whether a file is all there, as far as its outer structure tells without decoding: a decoder may stop before the end,
 * after the first frame for instance, and would take a file that was cut off. JPEG has no such structure; its decoder
 * notices a missing end itself.
 */
export function isComplete(bytes: Buffer, kind: ImageKind): boolean {
  try {
    return COMPLETE[kind](bytes);
  } catch (error) {
    // Reading beyond the end: that is what being cut off means.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const COMPLETE: Readonly<Record<ImageKind, (bytes: Buffer) => boolean>> = {
  jpeg: () => true,
  webp: (bytes) => bytes.readUInt32LE(4) + 8 <= bytes.length,
  png(bytes) {
    for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
      if (bytes.toString("latin1", at + 4, at + 8) === "IEND") return at + 12 <= bytes.length;
    }
    return false;
  },
  avif(bytes) {
    for (let at = 0; at < bytes.length; ) {
      const short = bytes.readUInt32BE(at);
      const size = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short;
      // The last box may run to the end of the file.
      if (size === 0) return true;
      if (size < 8 || at + size > bytes.length) return false;
      at += size;
    }
    return true;
  },
  gif(bytes) {
    let at = 13 + colourTable(bytes.readUInt8(10));
    for (;;) {
      const block = bytes.readUInt8(at);
      if (block === GIF_TRAILER) return true;
      if (block === GIF_EXTENSION) at = skipSubBlocks(bytes, at + 2);
      else if (block === GIF_IMAGE) at = skipSubBlocks(bytes, at + 11 + colourTable(bytes.readUInt8(at + 9)));
      else return false;
    }
  },
};

const GIF_TRAILER = 0x3b;
const GIF_EXTENSION = 0x21;
const GIF_IMAGE = 0x2c;

/** Bytes of the colour table that a GIF's flags announce. */
function colourTable(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}

function skipSubBlocks(bytes: Buffer, start: number): number {
  let at = start;
  for (let size = bytes.readUInt8(at); size !== 0; size = bytes.readUInt8(at)) at += size + 1;
  return at + 1;
}
