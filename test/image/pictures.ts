import sharp, { type Sharp } from "sharp";

export type Format = "jpeg" | "png" | "gif" | "webp" | "avif";
export const FORMATS: readonly Format[] = ["jpeg", "png", "gif", "webp", "avif"];

/** A drawn picture: red on the left, green in the middle, blue on the right, in columns of equal width. */
export function stripes(width: number, height: number): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const channel = Math.min(2, Math.floor(((at % width) * 3) / width));
    data[at * 3 + channel] = 255;
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A file of that picture. */
export async function pictureFile(format: Format, width = 60, height = 40): Promise<Buffer> {
  const picture = stripes(width, height);
  // AVIF is slow to make.
  return picture.toFormat(format, format === "avif" ? { effort: 0 } : {}).toBuffer();
}

/** Several frames, each of another shade. */
export async function animation(
  frames: number,
  width = 20,
  height = 20,
  format: "gif" | "webp" = "gif",
): Promise<Buffer> {
  const data = Buffer.alloc(width * height * frames * 3);
  const frameBytes = width * height * 3;
  for (let frame = 0; frame < frames; frame++) {
    data.fill((frame * 100) % 256, frame * frameBytes, (frame + 1) * frameBytes);
  }
  const raw = { width, height: height * frames, channels: 3 as const, pageHeight: height };
  const limitInputPixels = false;
  return sharp(data, { raw, limitInputPixels }).toFormat(format).toBuffer();
}

/** The colour of one pixel, as the name of its strongest channel. */
export async function colourAt(file: Buffer, x: number, y: number): Promise<"red" | "green" | "blue"> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  const at = (y * info.width + x) * info.channels;
  const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
  return red >= green && red >= blue ? "red" : green >= blue ? "green" : "blue";
}
