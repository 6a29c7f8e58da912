import { renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sql } from "../../lib/sql/sql.ts";
import { type ImageApp, startImageApp } from "./image-app.ts";
import { animation, colourAt, FORMATS, pictureFile, stripes } from "./pictures.ts";

const [OWNER, OTHER] = [1, 2];
const NOBODYS = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

let app: ImageApp;

beforeAll(async () => {
  app = await startImageApp();
});
afterAll(() => app.stop());
beforeEach(async () => {
  await app.database.execute(sql`DELETE FROM images`);
  for (const file of app.files()) rmSync(file);
});

function rows(): Promise<{ id: string }[]> {
  return app.database.select(sql`SELECT id FROM images ORDER BY id`);
}

describe("what is kept", () => {
  it.each(FORMATS)("of a %s: WebP within 350x350, and a thumbnail of 150x150", async (format) => {
    const id = await app.upload(await pictureFile(format, 700, 500), OWNER);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const [image, thumbnail] = [await app.view(id), await app.view(id, true)];
    expect(await sharp(image).metadata()).toMatchObject({ format: "webp", width: 350, height: 250 });
    expect(await sharp(thumbnail).metadata()).toMatchObject({ format: "webp", width: 150, height: 150 });
    expect(await colourAt(image, 10, 100)).toBe("red");
    expect(await colourAt(image, 340, 100)).toBe("blue");
    expect(await colourAt(thumbnail, 75, 75)).toBe("green");
  });

  it("isn't enlarged; the thumbnail always has its size", async () => {
    const id = await app.upload(await pictureFile("png", 30, 20), OWNER);
    expect(await sharp(await app.view(id)).metadata()).toMatchObject({ width: 30, height: 20 });
    expect(await sharp(await app.view(id, true)).metadata()).toMatchObject({ width: 150, height: 150 });
  });

  it.each([
    [3_000, 100],
    [100, 3_000],
    [1, 1],
    [900, 400],
  ])("of %d x %d: fitted, and the thumbnail cut from the centre", async (width, height) => {
    const id = await app.upload(await pictureFile("png", width, height), OWNER);
    const scale = Math.min(1, 350 / Math.max(width, height));
    const { width: w = 0, height: h = 0 } = await sharp(await app.view(id)).metadata();
    expect(Math.abs(w - Math.max(1, width * scale))).toBeLessThanOrEqual(1);
    expect(Math.abs(h - Math.max(1, height * scale))).toBeLessThanOrEqual(1);
    expect(await sharp(await app.view(id, true)).metadata()).toMatchObject({ width: 150, height: 150 });
    if (width > height) expect(await colourAt(await app.view(id, true), 75, 75)).toBe("green");
  });

  it("stands upright and says nothing of camera or place", async () => {
    const file = await stripes(60, 40)
      .withMetadata({ orientation: 6 })
      .withExif({ IFD0: { Copyright: "Mina" }, IFD3: { GPSLatitude: "37/1 33/1 0/1" } })
      .jpeg()
      .toBuffer();
    expect((await sharp(file).metadata()).exif?.length).toBeGreaterThan(50);
    const image = await app.view(await app.upload(file, OWNER));
    const { width, height, exif, icc, xmp, orientation } = await sharp(image).metadata();
    expect([width, height, exif, icc, xmp, orientation]).toEqual([40, 60, ...Array(4).fill(undefined)]);
    expect([await colourAt(image, 20, 3), await colourAt(image, 20, 57)]).toEqual(["red", "blue"]);
  });

  it("of an animation is its first frame; transparency stays; 16 bits become 8", async () => {
    const first = await app.view(await app.upload(await animation(5), OWNER));
    expect((await sharp(first).metadata()).pages).toBeUndefined();
    const clear = await sharp({
      create: { width: 9, height: 9, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0.5 } },
    });
    const image = await app.view(await app.upload(await clear.png().toBuffer(), OWNER));
    expect((await sharp(image).stats()).channels[3]?.mean).toBeCloseTo(128, -1);
    const deep = await stripes(60, 40).toColourspace("rgb16").png().toBuffer();
    expect(await colourAt(await app.view(await app.upload(deep, OWNER)), 30, 20)).toBe("green");
  });

  it("is on the disk in two files under the first two characters, and nothing else is", async () => {
    const id = await app.upload(await pictureFile("png"), OWNER);
    const folder = join(app.config.imageRoot, id.slice(0, 2));
    const names = [`${id}-thumbnail.webp`, `${id}.webp`];
    expect(app.files().sort()).toEqual(names.map((name) => join(folder, name)));
    expect(await rows()).toEqual([{ id }]);
  });
});

describe("what is refused", () => {
  const text = (content: string) => Buffer.from(content);
  it.each([
    ["EMPTY_IMAGE_FILE", text("")],
    ["FILE_TOO_SMALL", text("GIF89a")],
    ["FILE_TOO_SMALL", text("12345678901")],
    ["INVALID_IMAGE_SIGNATURE", text("123456789012")],
    ["INVALID_IMAGE_SIGNATURE", text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ["INVALID_IMAGE_SIGNATURE", text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')],
    ["INVALID_IMAGE_SIGNATURE", text(`%PDF-1.7${" ".repeat(99)}`)],
    ["INVALID_IMAGE_SIGNATURE", text(`II*\0${"\0".repeat(99)}`)],
    ["INVALID_IMAGE_SIGNATURE", text(`\0\0\0\x18ftypheic${"\0".repeat(99)}`)],
    ["CORRUPTED_IMAGE", text(`GIF89a${"\0".repeat(99)}`)],
    ["CORRUPTED_IMAGE", Buffer.from([0xff, 0xd8, 0xff, ...new Array(99).fill(0)])],
  ])("%s", async (type, file) => {
    await expect(app.upload(file, OWNER)).rejects.toMatchObject({ type });
    expect([await rows(), app.files()]).toEqual([[], []]);
  });

  it("too many pixels, and a few frames that are too many together", async () => {
    const tooMany = {
      type: "VALIDATION_ERROR",
      data: { errors: [{ field: "image", rule: "megapixels", limit: 40 }] },
    };
    const create = { width: 8_001, height: 5_000, channels: 3 as const, background: "#fff" };
    const large = await sharp({ create }).png().toBuffer();
    await expect(app.upload(large, OWNER)).rejects.toMatchObject(tooMany);
    const frames = await animation(5, 3_000, 3_000);
    await expect(app.upload(frames, OWNER)).rejects.toMatchObject(tooMany);
    const create40 = { ...create, width: 8_000 };
    expect(await app.upload(await sharp({ create: create40 }).png().toBuffer(), OWNER)).toBeTruthy();
  });

  it("more at once than it can do soon, at once", async () => {
    const file = await pictureFile("png", 2_000, 1_500);
    const results = await Promise.allSettled(Array.from({ length: 60 }, () => app.upload(file, OWNER)));
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused.length).toBeGreaterThan(10);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ type: "SERVICE_UNAVAILABLE", code: 503, data: { retryAfter: 1 } });
    }
    expect(await rows()).toHaveLength(results.length - refused.length);
    expect(await app.upload(file, OWNER)).toBeTruthy();
  });
});

describe("ids", () => {
  it.each(["", "x", "../../etc/passwd", "..", `${NOBODYS}.webp`, `../${NOBODYS}`, NOBODYS, `${NOBODYS}\0`])(
    "%j is nobody's",
    async (id) => {
      await expect(app.view(id)).rejects.toMatchObject({ type: "IMAGE_NOT_FOUND" });
    },
  );
});

describe("deletion", () => {
  it("takes the owner's, by any address, and skips the rest", async () => {
    const file = await pictureFile("jpeg");
    const [a, b, c] = [
      await app.upload(file, OWNER),
      await app.upload(file, OWNER),
      await app.upload(file, OTHER),
    ];
    const addresses = [`/api/proxy/images/view/${a}`, `https://x.example/${b.toUpperCase()}?thumbnail=true`];
    const nonsense = ["", "no-image", NOBODYS, "../..", "\0", "'; DELETE FROM images; --"];
    expect(await app.deleteAs(OWNER, ...addresses, `/api/images/view/${c}`, ...nonsense)).toBe(true);
    expect(await rows()).toEqual([{ id: c }]);
    expect(app.files()).toHaveLength(2);
    await expect(app.view(a)).rejects.toMatchObject({ type: "IMAGE_NOT_FOUND" });
    expect(await app.view(c)).toBeTruthy();
    await app.deleteAs(OTHER, c, c);
    expect([await rows(), app.files()]).toEqual([[], []]);
  });

  it("takes 100 addresses, not 101", async () => {
    expect(await app.deleteAs(OWNER, ...Array(100).fill(NOBODYS))).toBe(true);
    await expect(app.deleteAs(OWNER, ...Array(101).fill(NOBODYS))).rejects.toMatchObject({
      type: "VALIDATION_ERROR",
    });
  });
});

describe("the job", () => {
  const clean = (graceMs?: number) => app.call("image.removeOrphans", { graceMs });

  it("removes files without a row and what was left half-way, once they are old; and rows without files", async () => {
    const file = await pictureFile("png");
    const [kept, lostRow, lostFile, half] = [
      await app.upload(file, OWNER),
      await app.upload(file, OWNER),
      await app.upload(file, OWNER),
      await app.upload(file, OWNER),
    ];
    const fileOf = (id: string) => join(app.config.imageRoot, id.slice(0, 2), `${id}.webp`);
    await app.database.execute(sql`DELETE FROM images WHERE id = ${lostRow}`);
    rmSync(fileOf(lostFile));
    renameSync(fileOf(half), `${fileOf(half)}.tmp`);
    const others = join(dirname(fileOf(kept)), "README");
    writeFileSync(others, "not ours");

    expect(await clean()).toEqual({ files: 0, rows: 2 });
    expect(await rows()).toEqual([{ id: kept }]);
    const old = new Date(Date.now() - 3_700_000);
    for (const path of app.files()) utimesSync(path, old, old);
    expect(await clean()).toEqual({ files: 5, rows: 0 });
    const thumbnail = fileOf(kept).replace(".webp", "-thumbnail.webp");
    expect(app.files().sort()).toEqual([others, fileOf(kept), thumbnail].sort());
    expect(await clean(0)).toEqual({ files: 0, rows: 0 });
    expect(await app.view(kept)).toBeTruthy();
  });

  it("removes nothing when the folder seems to be another one", async () => {
    const file = await pictureFile("png", 2, 2);
    for (let count = 0; count < 21; count++) await app.upload(file, OWNER);
    for (const path of app.files()) rmSync(path);
    await expect(clean(0)).rejects.toThrow(/21 of 21 images have no files: is IMAGE_ROOT the right folder/);
    expect(await rows()).toHaveLength(21);
  });
});

describe("a folder that can't be written to", () => {
  it("is a 503, leaves no row, and is not ready", async () => {
    const { imageRoot } = app.config;
    renameSync(imageRoot, `${imageRoot}-away`);
    writeFileSync(imageRoot, "");
    await expect(app.upload(await pictureFile("png"), OWNER)).rejects.toMatchObject({
      type: "SERVICE_UNAVAILABLE",
    });
    expect(await rows()).toEqual([]);
    rmSync(imageRoot);
    renameSync(`${imageRoot}-away`, imageRoot);
    expect(await app.upload(await pictureFile("png"), OWNER)).toBeTruthy();
  });
});
