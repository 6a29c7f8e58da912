import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { mulberry32 } from "../../scripts/random/mulberry32.ts";
import { animation, FORMATS, type Format } from "./pictures.ts";

export interface HostileFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** `refused`: nothing of it may be kept. `any`: what is shown of it is a picture of ours, or nothing. */
  readonly expected: "refused" | "any";
}

interface Base {
  readonly format: Format;
  readonly name: string;
  readonly bytes: Buffer;
}

/** Files that mean harm, the same in every run. */
export async function hostileCorpus(): Promise<HostileFile[]> {
  const bases = await healthyFiles();
  return [
    ...bases.flatMap(truncated),
    ...bases.flatMap(flipped),
    ...bases.flatMap((base) => resigned(base, bases)),
    ...bases.flatMap(polyglots),
    ...(await bombs()),
    ...notPictures(),
  ];
}

/** Pictures without much to gain by compression, so that most of a file is picture. */
async function healthyFiles(): Promise<Base[]> {
  const [width, height] = [64, 48];
  const random = mulberry32(5);
  const data = Buffer.from(Array.from({ length: width * height * 3 }, () => Math.floor(random() * 256)));
  const files: Base[] = [];
  for (const format of FORMATS) {
    const picture = sharp(data, { raw: { width, height, channels: 3 } });
    files.push({ format, name: format, bytes: await picture.toFormat(format).toBuffer() });
  }
  const progressive = sharp(data, { raw: { width, height, channels: 3 } }).jpeg({ progressive: true });
  files.push({ format: "jpeg", name: "progressive jpeg", bytes: await progressive.toBuffer() });
  files.push({ format: "gif", name: "animated gif", bytes: await animation(8) });
  files.push({ format: "webp", name: "animated webp", bytes: await animation(8, 20, 20, "webp") });
  return files;
}

function truncated({ name, bytes }: Base): HostileFile[] {
  return Array.from({ length: 19 }, (_, index) => {
    const percent = 5 * (index + 1);
    const length = Math.floor((bytes.length * percent) / 100);
    return { name: `${name} cut off at ${percent} %`, bytes: bytes.subarray(0, length), expected: "refused" };
  });
}

function flipped({ name, bytes }: Base): HostileFile[] {
  return Array.from({ length: 20 }, (_, seed) => {
    const random = mulberry32(seed + 1);
    const copy = Buffer.from(bytes);
    // Half of them early, where the headers are.
    const range = seed % 2 === 0 ? copy.length : Math.min(copy.length, 64);
    for (let count = 0; count <= seed % 5; count++) {
      const at = Math.floor(random() * range);
      copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    return { name: `${name} with flipped bits, ${seed}`, bytes: copy, expected: "any" };
  });
}

/** The first bytes of one format, the rest of another. */
function resigned({ name, format, bytes }: Base, bases: readonly Base[]): HostileFile[] {
  return bases
    .filter((other) => other.format !== format)
    .map((other) => ({
      name: `${name} that begins as ${other.name}`,
      bytes: Buffer.concat([other.bytes.subarray(0, 12), bytes.subarray(12)]),
      expected: "refused",
    }));
}

function polyglots({ name, bytes }: Base): HostileFile[] {
  const payloads = {
    HTML: "<html><script>alert(1)</script></html>",
    PHP: "<?php system($_GET['c']); ?>",
    SVG: '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    ZIP: `PK\x05\x06${"\0".repeat(18)}`,
  };
  return Object.entries(payloads).flatMap(([kind, text]): HostileFile[] => {
    const payload = Buffer.from(text, "latin1");
    return [
      { name: `${name}, then ${kind}`, bytes: Buffer.concat([bytes, payload]), expected: "any" },
      { name: `${kind}, then ${name}`, bytes: Buffer.concat([payload, bytes]), expected: "refused" },
    ];
  });
}

/** Small files that claim, or unpack to, very much. */
export async function bombs(): Promise<HostileFile[]> {
  const base = { width: 64, height: 64, channels: 3 as const, background: "#808080" };
  const jpeg = await sharp({ create: base }).jpeg().toBuffer();
  const gif = await sharp({ create: base }).gif().toBuffer();
  const webp = await sharp({ create: base }).webp().toBuffer();
  const avif = await sharp({ create: base }).avif({ effort: 0 }).toBuffer();
  const frames = await animation(400, 400, 400, "gif");
  const sizes = [7_000, 20_000, 50_000, 65_535, 1_000_000, 2 ** 31 - 1];
  const claims: [string, Buffer][] = [
    ...sizes.map((size): [string, Buffer] => [`PNG of ${size} x ${size}`, hugePng(size, size)]),
    ["PNG of 40,000,001 x 1", hugePng(40_000_001, 1)],
    ["PNG, interlaced, 20,000 x 20,000", hugePng(20_000, 20_000, 1)],
    [
      "JPEG of 65,500 x 65,500",
      patched(jpeg, jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 5, [0xff, 0xdc, 0xff, 0xdc]),
    ],
    [
      "GIF of 65,535 x 65,535",
      patched(patched(gif, 6, [255, 255, 255, 255]), gif.indexOf(0x2c, 13) + 5, [255, 255, 255, 255]),
    ],
    [
      "WebP of 16,383 x 16,383",
      patched(webp, webp.indexOf(Buffer.from([0x9d, 0x01, 0x2a])) + 3, [0xff, 0x3f, 0xff, 0x3f]),
    ],
    [
      "AVIF of 65,535 x 65,535",
      patched(avif, avif.indexOf("ispe") + 8, [0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]),
    ],
    ["GIF of 400 frames of 400 x 400", frames],
  ];
  return claims.map(([name, bytes]) => ({ name, bytes, expected: "refused" }));
}

/** A PNG of one colour whose pixels are all there, for as far as 4 MB of zeros go. */
function hugePng(width: number, height: number, interlaced: 0 | 1 = 0): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, interlaced], 8);
  const pixels = deflateSync(Buffer.alloc(Math.min(4_000_000, (width * 3 + 1) * height)));
  return png(["IHDR", header], ["IDAT", pixels], ["IEND", Buffer.alloc(0)]);
}

function png(...chunks: readonly [type: string, data: Buffer][]): Buffer {
  const written = chunks.map(([type, data]) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const chunk = Buffer.alloc(body.length + 8);
    chunk.writeUInt32BE(data.length, 0);
    body.copy(chunk, 4);
    chunk.writeUInt32BE(crc32(body), body.length + 4);
    return chunk;
  });
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...written]);
}

function patched(bytes: Buffer, at: number, values: readonly number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(values, at);
  return copy;
}

function notPictures(): HostileFile[] {
  const text = (content: string) => Buffer.from(content, "latin1");
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">';
  const filler = "\0".repeat(100);
  const files: Record<string, Buffer> = {
    nothing: Buffer.alloc(0),
    "one byte": Buffer.alloc(1),
    "eleven bytes": Buffer.alloc(11),
    "twelve zeros": Buffer.alloc(12),
    "a megabyte of zeros": Buffer.alloc(1_048_576),
    "SVG with a script": text(`${svg}<script>alert(1)</script></svg>`),
    "SVG that reads a file": text(
      `<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg}<text>&x;</text></svg>`,
    ),
    "SVG that calls home": text(`${svg}<image href="http://127.0.0.1:9/x.png"/></svg>`),
    "SVG of many uses": text(`${svg}${'<use href="#a"/>'.repeat(9_999)}</svg>`),
    PDF: text(`%PDF-1.7\n${filler}`),
    PostScript: text(`%!PS-Adobe-3.0 EPSF-3.0\n${filler}`),
    TIFF: text(`II*\0\x08\0\0\0${filler}`),
    BMP: text(`BM${filler}`),
    ICO: text(`\0\0\x01\0${filler}`),
    PSD: text(`8BPS${filler}`),
    HEIC: text(`\0\0\0\x18ftypheic\0\0\0\0mif1heic${filler}`),
    "MP4 that says AVIF": text(`\0\0\0\x18ftypavif\0\0\0\0avifmif1${filler}`),
    "JPEG XL": text(`\xff\x0a${filler}`),
    OpenEXR: text(`v/1\x01${filler}`),
    "MVG of ImageMagick": text("push graphic-context\nimage over 0,0 0,0 'https://x'\npop graphic-context"),
    "a path": text("../../../../etc/passwd"),
    "PNG without chunks": text(`\x89PNG\r\n\x1a\n${filler}`),
    "PNG with a chunk of 4 GB": text(`\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR${filler}`),
    "RIFF that is a sound": text(`RIFF\xff\xff\0\0WAVE${filler}`),
    "WebP of 4 GB": text(`RIFF\xff\xff\xff\xffWEBPVP8 ${filler}`),
    "GIF that never ends": text(`GIF89a\x01\0\x01\0\0\0\0${"!\xfe\x01a".repeat(500)}`),
    "JPEG of comments": Buffer.concat([
      text("\xff\xd8"),
      text(`\xff\xfe\xff\xff${"x".repeat(65_533)}`.repeat(8)),
    ]),
  };
  return Object.entries(files).map(([name, bytes]) => ({ name, bytes, expected: "refused" }));
}
