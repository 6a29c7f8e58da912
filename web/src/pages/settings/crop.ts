/** Which square of a picture is shown: its centre in parts of the picture (0..1), and how much it is enlarged. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  /** 1 shows the shorter side in full. */
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const WHOLE: Crop = { x: 0.5, y: 0.5, zoom: 1 };
export const MAX_ZOOM = 4;
/** Pixels of the picture that is uploaded: enough for the largest place where it is shown, at double density. */
const OUTPUT = 512;

/** The side of the square in pixels of the picture. */
export function sideOf({ width, height }: Size, zoom: number): number {
  return Math.min(width, height) / zoom;
}

/** The nearest crop that stays inside of the picture. */
export function inside(crop: Crop, size: Size): Crop {
  const zoom = Math.min(MAX_ZOOM, Math.max(1, crop.zoom));
  const side = sideOf(size, zoom);
  const clamp = (value: number, length: number) => {
    const half = side / length / 2;
    return Math.min(1 - half, Math.max(half, value));
  };
  return { x: clamp(crop.x, size.width), y: clamp(crop.y, size.height), zoom };
}

/** The square as a picture of its own. */
export async function cut(image: HTMLImageElement, crop: Crop): Promise<Blob> {
  const size = { width: image.naturalWidth, height: image.naturalHeight };
  const side = sideOf(size, crop.zoom);
  const canvas = document.createElement("canvas");
  canvas.width = OUTPUT;
  canvas.height = OUTPUT;
  const context = canvas.getContext("2d");
  const left = crop.x * size.width - side / 2;
  const top = crop.y * size.height - side / 2;
  context?.drawImage(image, left, top, side, side, 0, 0, OUTPUT, OUTPUT);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be cut"))),
      "image/webp",
      0.92,
    );
  });
}
