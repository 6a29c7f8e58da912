/** Formats that are taken. */
export type ImageKind = "jpeg" | "png" | "gif" | "webp" | "avif";

/** The shortest file that the first bytes are read of. */
export const SHORTEST_FILE = 12;

const PNG = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const JPEG = Buffer.from("\xff\xd8\xff", "latin1");
const AVIF_BRANDS = ["avif", "avis"];

/** What a file is by its first bytes; neither its name nor what was said of it counts. */
export function imageKindOf(bytes: Buffer): ImageKind | undefined {
  if (bytes.length < SHORTEST_FILE) return undefined;
  const text = (from: number, to: number) => bytes.toString("latin1", from, to);
  if (bytes.subarray(0, JPEG.length).equals(JPEG)) return "jpeg";
  if (bytes.subarray(0, PNG.length).equals(PNG)) return "png";
  if (["GIF87a", "GIF89a"].includes(text(0, 6))) return "gif";
  if (text(0, 4) === "RIFF" && text(8, 12) === "WEBP") return "webp";
  if (text(4, 8) === "ftyp" && brandsOf(bytes).some((brand) => AVIF_BRANDS.includes(brand))) return "avif";
  return undefined;
}

/** The major brand and the compatible ones, between which stands a version. */
function brandsOf(bytes: Buffer): string[] {
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256);
  const brands = [bytes.toString("latin1", 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(bytes.toString("latin1", at, at + 4));
  return brands;
}
