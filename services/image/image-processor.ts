import type { OutputInfo, SharpOptions } from "sharp";
import { DECODED_AT_ONCE } from "../../config/resilience.ts";
import { domainError, validationError } from "../../contracts/errors.ts";
import { type ImageKind, imageKindOf, SHORTEST_FILE } from "./image-signature.ts";
import { isComplete } from "./image-structure.ts";
import { Turns } from "./turns.ts";

/** One picture as it is kept: WebP, upright, without metadata. */
export interface Renditions {
  readonly image: Buffer;
  readonly thumbnail: Buffer;
  readonly width: number;
  readonly height: number;
}

export const RENDITION_TYPE = "image/webp";

/** Pixels of all frames together. */
const MAX_PIXELS = 40_000_000;
const IMAGE_SIZE = 350;
const THUMBNAIL_SIZE = 150;
/** Seconds that one picture may be worked on. */
const TIME_LIMIT = 5;

const INPUT: SharpOptions = { failOn: "warning", limitInputPixels: MAX_PIXELS, pages: 1 };
const LOADERS = ["Jpeg", "Png", "Nsgif", "Webp", "Heif"].map((name) => `VipsForeignLoad${name}`);

type Sharp = typeof import("sharp").default;

let loaded: Promise<Sharp> | undefined;

/** At the first picture, not at the start, which would take longer and hold more memory. */
function sharpLibrary(): Promise<Sharp> {
  loaded ??= import("sharp").then(({ default: sharp }) => {
    sharp.block({ operation: ["VipsForeignLoad"] });
    sharp.unblock({ operation: LOADERS });
    sharp.cache(false);
    // Threads within one picture: several pictures at once use the processors better.
    sharp.concurrency(1);
    return sharp;
  });
  return loaded;
}

/** Makes what is kept of uploaded files, of a few at a time. */
export class ImageProcessor {
  readonly #turns = new Turns(DECODED_AT_ONCE);

  /**
   * @throws EMPTY_IMAGE_FILE, FILE_TOO_SMALL, INVALID_IMAGE_SIGNATURE, CORRUPTED_IMAGE; VALIDATION_ERROR for too many
   * pixels
   */
  async renderOrThrow(bytes: Buffer): Promise<Renditions> {
    if (bytes.length === 0) throw domainError("EMPTY_IMAGE_FILE");
    if (bytes.length < SHORTEST_FILE) throw domainError("FILE_TOO_SMALL");
    const kind = imageKindOf(bytes);
    if (!kind) throw domainError("INVALID_IMAGE_SIGNATURE");
    if (!isComplete(bytes, kind)) throw domainError("CORRUPTED_IMAGE");
    const sharp = await sharpLibrary();
    try {
      // Only decoding takes much memory.
      const smaller = await this.#turns.take(async () =>
        decode(sharp, bytes, await sizeOrThrow(sharp, bytes, kind)),
      );
      return await encode(sharp, smaller);
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

class TooManyPixels extends Error {}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The upright picture's. Reads the header only: nothing is decoded of a picture that is too large. */
async function sizeOrThrow(sharp: Sharp, bytes: Buffer, kind: ImageKind): Promise<Size> {
  const { format, width, height, pages = 1, autoOrient } = await sharp(bytes, INPUT).metadata();
  if (format !== (kind === "avif" ? "heif" : kind)) throw new Error(`${format} in the place of ${kind}`);
  if (width * height * pages > MAX_PIXELS) throw new TooManyPixels();
  return autoOrient;
}

/** Pixels, and how they lie. */
interface Pixels {
  readonly data: Buffer;
  readonly info: OutputInfo;
}

/**
 * The file is decoded once: both pictures are made of a smaller one, which is large enough for either. For all but very
 * long pictures that is the larger of the two.
 */
function decode(sharp: Sharp, bytes: Buffer, { width, height }: Size): Promise<Pixels> {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  const isLong = (short * IMAGE_SIZE) / long < THUMBNAIL_SIZE;
  const box = isLong
    ? ({ width: THUMBNAIL_SIZE, height: THUMBNAIL_SIZE, fit: "outside" } as const)
    : ({ width: IMAGE_SIZE, height: IMAGE_SIZE, fit: "inside" } as const);
  return sharp(bytes, INPUT)
    .autoOrient()
    .timeout({ seconds: TIME_LIMIT })
    .resize({ ...box, withoutEnlargement: true })
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
}

/** Uses the pixels up: their memory is given back at once, or the garbage collector would go over the heap for it. */
async function encode(sharp: Sharp, { data, info }: Pixels): Promise<Renditions> {
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const fitted = await sharp(data, { raw })
    .resize({ width: IMAGE_SIZE, height: IMAGE_SIZE, fit: "inside", withoutEnlargement: true })
    .webp()
    .toBuffer({ resolveWithObject: true });
  const thumbnail = await sharp(data, { raw })
    .resize({ width: THUMBNAIL_SIZE, height: THUMBNAIL_SIZE, fit: "cover", position: "centre" })
    .webp()
    .toBuffer();
  (data.buffer as ArrayBuffer).transfer(0);
  return { image: fitted.data, thumbnail, width: fitted.info.width, height: fitted.info.height };
}

/** Whatever the decoder doesn't like is the file's fault; its words stay here. */
function refusalOf(error: unknown): Error {
  if (error instanceof TooManyPixels || (error instanceof Error && /pixel limit/.test(error.message))) {
    return validationError({ field: "image", rule: "megapixels", limit: MAX_PIXELS / 1_000_000 });
  }
  return Object.assign(domainError("CORRUPTED_IMAGE"), { cause: error });
}
