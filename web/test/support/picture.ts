import sharp from "sharp";

/** A picture that is wider than high, of two colours. */
export function picture(): Promise<Buffer> {
  const half = { create: { width: 300, height: 400, channels: 3 as const, background: "#2f6f8f" } };
  return sharp({ create: { width: 600, height: 400, channels: 3, background: "#d98f3f" } })
    .composite([{ input: half, left: 0, top: 0 }])
    .png()
    .toBuffer();
}
