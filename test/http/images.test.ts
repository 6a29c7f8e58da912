import { request } from "node:http";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { animation, FORMATS, pictureFile } from "../image/pictures.ts";
import { type App, startApp } from "../support/app.ts";
import { type Answer, Client, PASSWORD } from "../support/client.ts";

const UPLOAD = "/api/images/upload";
const NOBODYS = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
const MEGABYTE = 1_048_576;

let app: App;
let nobody: Client;
let owner: Client;
let stranger: Client;
let picture: Buffer;

beforeAll(async () => {
  app = await startApp();
  nobody = new Client(app.url);
  owner = nobody.as(await nobody.join("owner"));
  stranger = nobody.as(await nobody.join("stranger"));
  picture = await pictureFile("jpeg", 700, 500);
});
afterAll(() => app.stop());

type Body = NonNullable<RequestInit["body"]>;

function form(...parts: readonly [name: string, content: Buffer | string, fileName?: string][]): FormData {
  const data = new FormData();
  for (const [name, content, fileName = "a.jpg"] of parts) {
    if (typeof content === "string") data.append(name, content);
    else data.append(name, new File([new Uint8Array(content)], fileName, { type: "text/html" }));
  }
  return data;
}

async function send(
  client: Client,
  path: string,
  body: Body,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(app.url + path, {
    method: "POST",
    body,
    headers: { authorization: client.authorization, ...headers },
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function upload(client = owner, file = picture): Promise<string> {
  const answer = await send(client, UPLOAD, form(["image", file]));
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body.data;
}

async function view(id: string, headers: Record<string, string> = {}, query = "") {
  const response = await fetch(`${app.url}/api/images/view/${id}${query}`, { headers });
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

describe("upload", () => {
  it.each([UPLOAD, `${UPLOAD}/profile`, `${UPLOAD}/`])("%s answers the id in the envelope", async (path) => {
    const { status, body } = await send(owner, path, form(["image", picture, "../../한글 이름.exe"]));
    expect([status, body]).toEqual([
      200,
      { status: 200, result: "SUCCESS", data: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ]);
  });

  it.each(FORMATS)("takes %s, whatever is said of it", async (format) => {
    expect(await upload(owner, await pictureFile(format))).toBeTruthy();
  });

  it("takes other fields before and after the file, and drops them", async () => {
    const { status } = await send(owner, UPLOAD, form(["alt", "a"], ["image", picture], ["memberId", "1"]));
    expect(status).toBe(200);
  });

  it("needs a token, which it looks at before the file", async () => {
    const answer = await send(nobody, UPLOAD, form(["image", picture]));
    expect([answer.status, answer.body.code]).toEqual([401, "BEARER_TOKEN_MISSING"]);
    expect(answer.headers.get("x-relogin-required")).toBe("true");
  });

  const boundary = { "content-type": "multipart/form-data; boundary=x" };
  const part = (content: string) =>
    `--x\r\ncontent-disposition: form-data; name="image"; filename="a"\r\n\r\n${content}`;
  it.each<[string, () => Body | Promise<Body>, Record<string, string>, string, string?]>([
    ["JSON", () => "{}", { "content-type": "application/json" }, "VALIDATION_ERROR", "multipart"],
    [
      "a bare file",
      () => new Uint8Array(picture),
      { "content-type": "image/jpeg" },
      "VALIDATION_ERROR",
      "multipart",
    ],
    ["no boundary", () => "x", { "content-type": "multipart/form-data" }, "VALIDATION_ERROR", "multipart"],
    ["an empty form", () => form(), {}, "EMPTY_IMAGE_FILE"],
    ["no file", () => form(["image", "text"]), {}, "EMPTY_IMAGE_FILE"],
    ["an empty file", () => form(["image", Buffer.alloc(0)]), {}, "EMPTY_IMAGE_FILE"],
    ["a tiny file", () => form(["image", Buffer.from("GIF89a")]), {}, "FILE_TOO_SMALL"],
    ["a text", () => form(["image", Buffer.from("no picture at all")]), {}, "INVALID_IMAGE_SIGNATURE"],
    ["a damaged file", () => form(["image", picture.subarray(0, 900)]), {}, "CORRUPTED_IMAGE"],
    ["another name", () => form(["file", picture]), {}, "VALIDATION_ERROR"],
    ["two files", () => form(["image", picture], ["image", picture]), {}, "VALIDATION_ERROR", "one file"],
    ["a second file", () => form(["image", picture], ["x", picture]), {}, "VALIDATION_ERROR", "one file"],
    ["an unfinished form", () => part("GIF89a"), boundary, "VALIDATION_ERROR", "multipart"],
    ["nothing of a form", () => "x", boundary, "VALIDATION_ERROR", "multipart"],
    [
      "too many pixels",
      async () => form(["image", await animation(5, 3_000, 3_000)]),
      {},
      "VALIDATION_ERROR",
      "40 megapixels",
    ],
  ])("refuses %s", async (_name, body, headers, code, message) => {
    const answer = await send(owner, UPLOAD, await body(), { ...headers, "accept-language": "en" });
    expect([answer.status, answer.body.code]).toEqual([400, code]);
    if (message) expect(JSON.stringify(answer.body.errors)).toContain(message);
  });

  it("takes 10 MB and refuses more with 413, announced or not", async () => {
    const padded = (size: number) => Buffer.concat([picture, Buffer.alloc(size - picture.length)]);
    expect((await send(owner, UPLOAD, form(["image", padded(10 * MEGABYTE)]))).status).not.toBe(413);
    for (const size of [10 * MEGABYTE + 1, 11 * MEGABYTE, 15 * MEGABYTE]) {
      const answer = await send(owner, UPLOAD, form(["image", padded(size)]));
      expect([size, answer.status, answer.body.code]).toEqual([size, 413, "PAYLOAD_TOO_LARGE"]);
    }
    const body = await new Response(form(["image", padded(12 * MEGABYTE)])).blob();
    const chunked = await fetch(app.url + UPLOAD, {
      method: "POST",
      body: body.stream(),
      duplex: "half",
      headers: { authorization: owner.authorization, "content-type": body.type },
    } as RequestInit);
    expect([chunked.status, ((await chunked.json()) as { code: string }).code]).toEqual([
      413,
      "PAYLOAD_TOO_LARGE",
    ]);
  });

  it("bears clients that break off in the middle", async () => {
    for (let count = 0; count < 20; count++) {
      await new Promise<void>((resolve) => {
        const headers = { ...boundary, authorization: owner.authorization, "content-length": "9000000" };
        const sending = request(app.url + UPLOAD, { method: "POST", headers });
        sending.on("error", () => resolve());
        sending.write(part("x".repeat(100_000)), () => sending.destroy(new Error("gone")));
      });
    }
    expect(await upload()).toBeTruthy();
  });
});

describe("view", () => {
  it("shows the bytes to anybody, for ever", async () => {
    const id = await upload();
    const { status, headers, bytes } = await view(id);
    expect([status, await sharp(bytes).metadata()]).toMatchObject([
      200,
      { format: "webp", width: 350, height: 250 },
    ]);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "image/webp",
      "content-length": String(bytes.length),
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      etag: expect.stringMatching(/^"[\w-]+"$/),
    });
    const thumbnail = await view(id, {}, "?thumbnail=true");
    expect(await sharp(thumbnail.bytes).metadata()).toMatchObject({ width: 150, height: 150 });
    expect(thumbnail.headers.get("etag")).not.toBe(headers.get("etag"));
    expect((await view(id, {}, "?thumbnail=false")).bytes).toEqual(bytes);
    expect((await view(id, { authorization: "Bearer nonsense" })).status).toBe(200);
  });

  it("answers 304 to who has it, and HEAD without the bytes", async () => {
    const id = await upload();
    const etag = (await view(id)).headers.get("etag") ?? "";
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
      const { status, bytes, headers } = await view(id, { "if-none-match": known });
      expect([known, status, bytes.length, headers.get("etag")]).toEqual([known, 304, 0, etag]);
      expect(headers.get("cache-control")).toContain("immutable");
    }
    expect((await view(id, { "if-none-match": '"x"' })).status).toBe(200);
    const head = await fetch(`${app.url}/api/images/view/${id}`, { method: "HEAD" });
    expect([head.status, head.headers.get("etag"), (await head.arrayBuffer()).byteLength]).toEqual([
      200,
      etag,
      0,
    ]);
  });

  it.each([
    NOBODYS,
    "x",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    `${NOBODYS}.webp`,
    `..%5c${NOBODYS}`,
    `${NOBODYS}%00`,
    "%ff",
    "a/b",
  ])("%s is a 404 that nobody keeps", async (id) => {
    const { status, headers, bytes } = await view(id, { "if-none-match": "*" });
    expect([status, headers.get("cache-control")]).toEqual([404, "no-store"]);
    expect(JSON.parse(bytes.toString())).toMatchObject({ resultCode: "FAIL" });
  });

  it("answers 400 to another thumbnail than true and false, 405 to another method", async () => {
    expect((await view(NOBODYS, {}, "?thumbnail=maybe")).status).toBe(400);
    expect((await owner.post(`/api/images/view/${NOBODYS}`)).status).toBe(405);
  });
});

describe("deletion", () => {
  const remove = (client: Client, ...imageUrls: unknown[]) =>
    client.post("/api/images/view/command/delete/in", { imageUrls });

  it("takes one's own, and then they are gone at once", async () => {
    const ids = [await upload(), await upload(), await upload()];
    const urls = [`${app.url}/api/images/view/${ids[0]}`, `/api/proxy/images/view/${ids[1]}`, ids[2]];
    const { status, body } = await remove(owner, ...urls, "x", NOBODYS);
    expect([status, body]).toEqual([200, { status: 200, result: "SUCCESS", data: true }]);
    for (const id of ids) expect((await view(id, { "if-none-match": "*" })).status).toBe(404);
  });

  it("wants a list of texts, 100 at most, and a token", async () => {
    for (const wrong of [Array(101).fill(NOBODYS), [1], [null], [{}]]) {
      const answer = await remove(owner, ...wrong);
      expect([answer.status, answer.body.code]).toEqual([400, "VALIDATION_ERROR"]);
    }
    expect((await owner.post("/api/images/view/command/delete/in", {})).status).toBe(400);
    expect((await remove(nobody, NOBODYS)).status).toBe(401);
    expect((await remove(owner)).status).toBe(200);
  });

  it("never takes somebody else's: not by deletion, not by the profile", async () => {
    const id = await upload();
    const address = `/api/images/view/${id}`;
    expect((await owner.put("/api/members/profile", { avatarUrl: address })).status).toBe(200);
    await remove(stranger, id, address, app.url + address, `${address}?thumbnail=true`, id.toUpperCase());
    const claims = [{ avatarUrl: address }, { avatarUrl: "" }, { coverUrl: address }, { coverUrl: "/x.png" }];
    for (const claim of [...claims, { previousAvatarUrl: [id, address] }]) {
      const answer = await stranger.put("/api/members/profile", claim);
      expect([claim, answer.status]).toEqual([claim, 200]);
    }
    for (const path of [
      `/api/images/view/${id}`,
      `/api/images/${id}`,
      "/api/images/view/command/delete/in",
    ]) {
      for (const method of ["DELETE", "PUT", "POST"])
        await stranger.send(method, path, { imageUrls: [id], ownerId: 1 });
    }
    const leaver = nobody.as(await nobody.join("leaver"));
    await leaver.put("/api/members/profile", { avatarUrl: address });
    expect((await leaver.delete("/api/authentication/deactivate", { password: PASSWORD })).status).toBe(200);
    expect((await view(id)).status).toBe(200);
  });
});

describe("the profile", () => {
  const put = async (client: Client, changes: object) => {
    const answer = await client.put("/api/members/profile", changes);
    expect(answer.status).toBe(200);
    return answer.body.data;
  };

  it("changes its avatar, and the one before is deleted, whatever its address", async () => {
    const member = nobody.as(await nobody.join("changer"));
    const addresses = [
      `/api/proxy/images/view/${await upload(member)}`,
      `${app.url}/api/images/view/${await upload(member)}`,
      "https://elsewhere.example/picture.png",
      `/api/images/view/${await upload(member)}`,
    ];
    for (const [index, avatarUrl] of addresses.entries()) {
      expect((await put(member, { avatarUrl })).avatarUrl).toBe(avatarUrl);
      for (const [other, address] of addresses.entries()) {
        const id = address.split("/").at(-1) ?? "";
        if (id.length === 36)
          expect([other, (await view(id)).status]).toEqual([other, other < index ? 404 : 200]);
      }
    }
    expect((await put(member, { avatarUrl: "" })).avatarUrl).toBe("no-image");
    expect((await view(addresses[3]?.split("/").at(-1) ?? "")).status).toBe(404);
  });

  it("keeps what it goes on showing: under another address, or as its cover", async () => {
    const member = nobody.as(await nobody.join("keeper"));
    const [avatar, cover] = [await upload(member), await upload(member)];
    await put(member, { avatarUrl: `/api/images/view/${avatar}`, coverUrl: `/api/images/view/${cover}` });
    await put(member, { avatarUrl: `/api/proxy/images/view/${avatar}`, previousAvatarUrl: [avatar] });
    await put(member, { bio: "안녕하세요", previousAvatarUrl: [`/api/images/view/${cover}`] });
    await put(member, { avatarUrl: `/api/images/view/${cover}`, coverUrl: `/api/images/view/${avatar}` });
    expect([(await view(avatar)).status, (await view(cover)).status]).toEqual([200, 200]);
    await put(member, { coverUrl: "" });
    expect([(await view(avatar)).status, (await view(cover)).status]).toEqual([404, 200]);
  });

  it("has other images of one's own deleted with previousAvatarUrl; nonsense in it fails nothing", async () => {
    const member = nobody.as(await nobody.join("tidier"));
    const ids = [await upload(member), await upload(member)];
    await put(member, { previousAvatarUrl: [`/x/${ids[0]}`, "", "nonsense", NOBODYS, "https://a.example/"] });
    expect([(await view(ids[0] ?? "")).status, (await view(ids[1] ?? "")).status]).toEqual([404, 200]);
  });

  it("of a member who withdraws: all images are gone soon", async () => {
    const member = nobody.as(await nobody.join("leaver"));
    const ids = [await upload(member), await upload(member)];
    await put(member, { avatarUrl: `/api/images/view/${ids[0]}` });
    expect((await member.delete("/api/authentication/deactivate", { password: PASSWORD })).status).toBe(200);
    for (const id of ids) {
      await expect.poll(async () => (await view(id)).status, { timeout: 30_000 }).toBe(404);
    }
  });
});

it("is ready only while IMAGE_ROOT can be used", async () => {
  expect(await (await fetch(`${app.url}/healthcheck/ready`)).text()).toBe("OK");
  const other = await startApp({ SERVICES: "api,image" });
  expect(await (await fetch(`${other.url}/healthcheck/ready`)).text()).toBe("OK");
  await other.stop();
});
