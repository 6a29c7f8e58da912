import sharp from "sharp";
import { mulberry32 } from "../random/mulberry32.ts";

const SIZE = 200;

/** The face as a PNG file, for uploads. */
export function avatarPng(number: number): Promise<Buffer> {
  return sharp(Buffer.from(avatarSvg(number)))
    .png()
    .toBuffer();
}

/** A drawn face, different for every number and always the same for one. */
export function avatarSvg(number: number): string {
  const random = mulberry32(number * 7919);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  // The golden angle keeps neighbours apart on the colour wheel.
  const hue = Math.round((number * 137.508) % 360);
  const skin = pick(["#f6d7bf", "#eec3a0", "#d9a27a", "#b67c54", "#8a5a3b"]);
  const hair = pick(["#2b1d14", "#4a2f1d", "#7b4a25", "#c48a3f", "#1c1c22", "#8d8d95"]);
  const shirt = `hsl(${(hue + 150) % 360}, 45%, 45%)`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" height="${SIZE}">`,
    `<rect width="${SIZE}" height="${SIZE}" fill="hsl(${hue}, 60%, 82%)"/>`,
    `<path d="M30 200c0-46 34-58 70-58s70 12 70 58z" fill="${shirt}"/>`,
    `<path d="M84 120h32v26a16 12 0 0 1-32 0z" fill="${skin}"/>`,
    pick(BACK_HAIR)(hair),
    `<ellipse cx="100" cy="92" rx="40" ry="46" fill="${skin}"/>`,
    pick(FRINGES)(hair),
    pick(EYES),
    pick(MOUTHS),
    random() < 0.3 ? GLASSES : "",
    "</svg>\n",
  ].join("");
}

const BACK_HAIR: readonly ((colour: string) => string)[] = [
  (colour) => `<ellipse cx="100" cy="84" rx="50" ry="52" fill="${colour}"/>`,
  (colour) => `<path d="M48 90a52 52 0 0 1 104 0v62H48z" fill="${colour}"/>`,
  (colour) =>
    `<circle cx="100" cy="36" r="20" fill="${colour}"/><circle cx="100" cy="84" r="47" fill="${colour}"/>`,
  () => "",
];

const FRINGES: readonly ((colour: string) => string)[] = [
  (colour) =>
    `<path d="M58 84c0-30 18-44 42-44s42 14 42 44c-14-8-24-20-28-28-10 16-34 26-56 28z" fill="${colour}"/>`,
  (colour) => `<path d="M59 80c2-28 20-40 41-40s39 12 41 40c-26-10-56-10-82 0z" fill="${colour}"/>`,
  (colour) =>
    `<path d="M60 76c4-26 22-36 40-36s36 10 40 36c-10-14-24-20-40-20s-30 6-40 20z" fill="${colour}"/>`,
];

const EYES: readonly string[] = [
  '<circle cx="84" cy="94" r="5" fill="#222"/><circle cx="116" cy="94" r="5" fill="#222"/>',
  '<path d="M77 96q7-8 14 0m18 0q7-8 14 0" fill="none" stroke="#222" stroke-width="4" stroke-linecap="round"/>',
  '<ellipse cx="84" cy="94" rx="4" ry="6" fill="#222"/><ellipse cx="116" cy="94" rx="4" ry="6" fill="#222"/>',
];

const MOUTHS: readonly string[] = [
  '<path d="M86 114q14 12 28 0" fill="none" stroke="#a33" stroke-width="4" stroke-linecap="round"/>',
  '<path d="M84 112h32q-4 16-16 16t-16-16z" fill="#a33"/>',
  '<path d="M90 117h20" stroke="#a33" stroke-width="4" stroke-linecap="round"/>',
];

const GLASSES =
  '<g fill="none" stroke="#333" stroke-width="3"><circle cx="84" cy="94" r="13"/><circle cx="116" cy="94" r="13"/><path d="M97 94h6"/></g>';
