import { ServiceBroker } from "moleculer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import { bytesOfOrThrow, TransferableBytes } from "../../contracts/transferable-bytes.ts";
import { AjvValidator } from "../../lib/validation/ajv-validator.ts";
import imageService from "../../services/image/image.service.ts";
import { type App, startProcess } from "../support/app.ts";
import { Client } from "../support/client.ts";
import { emptyStore, type Store } from "../support/service.ts";
import { pictureFile } from "./pictures.ts";

/** Where the image service runs in another process than the gateway. */

let store: Store;

beforeAll(async () => {
  store = await emptyStore();
});
afterAll(() => store.remove());

/** A large file that is a picture all the same: what follows the end of a JPEG doesn't count. */
async function largePicture(): Promise<Buffer> {
  const picture = await pictureFile("jpeg", 300, 200);
  return Buffer.concat([picture, Buffer.alloc(9_000_000 - picture.length)]);
}

it("bytes cross the transporter in both directions", async () => {
  const mesh = () =>
    new ServiceBroker({
      nodeID: crypto.randomUUID(),
      namespace: store.env.NAMESPACE ?? "",
      transporter: "Fake",
      logger: false,
      validator: new AjvValidator(),
    });
  const [near, far] = [mesh(), mesh()];
  far.createService(imageService(configOrThrow({ ...store.env, METRICS_PORT: "0", JOBS: "off" })));
  await Promise.all([near.start(), far.start()]);
  await near.waitForServices("image");
  const image = new TransferableBytes(await largePicture());
  const id: string = await near.call("image.upload", { image }, { meta: { memberId: 1 } });
  const { bytes } = await near.call<{ bytes: unknown }, object>("image.view", { id });
  const there = await far.call<{ bytes: unknown }, object>("image.view", { id });
  expect(typeof bytes).toBe("string");
  expect(bytesOfOrThrow(bytes)).toEqual(bytesOfOrThrow(there.bytes));
  await expect(
    near.call("image.upload", { image: new TransferableBytes(Buffer.alloc(50)) }, { meta: { memberId: 1 } }),
  ).rejects.toMatchObject({ type: "INVALID_IMAGE_SIGNATURE" });
  await Promise.all([near.stop(), far.stop()]);
});

const redis = process.env.TEST_REDIS_URL;
describe.skipIf(!redis)("over Redis (TEST_REDIS_URL)", () => {
  let gateway: App;
  let images: App;

  beforeAll(async () => {
    const environment = { TRANSPORTER: redis ?? "" };
    images = await startProcess(store, { ...environment, SERVICES: "api,image", NODE_ID: "images" });
    gateway = await startProcess(store, {
      ...environment,
      SERVICES: "api,auth,member,content,timeline,activity",
      NODE_ID: "gateway",
    });
  });
  afterAll(async () => {
    await Promise.all([gateway.stop(), images.stop()]);
  });

  it("a gateway without the image service takes and shows pictures; without any it answers 503", async () => {
    const client = new Client(gateway.url);
    const session = await client.join("mesh");
    const upload = async () => {
      const body = new FormData();
      body.append("image", new File([new Uint8Array(await largePicture())], "a.jpg"));
      const headers = { authorization: client.as(session).authorization };
      const answer = await fetch(`${gateway.url}/api/images/upload`, { method: "POST", body, headers });
      return { status: answer.status, data: ((await answer.json()) as { data?: string }).data };
    };
    await expect.poll(async () => (await upload()).status, { timeout: 20_000 }).toBe(200);
    const { data: id } = await upload();
    const shown = async ({ url }: App) => {
      const answer = await fetch(`${url}/api/images/view/${id}`);
      return [answer.status, answer.headers.get("content-type"), Buffer.from(await answer.arrayBuffer())];
    };
    const here = await shown(gateway);
    expect(here).toEqual(await shown(images));
    expect(here.slice(0, 2)).toEqual([200, "image/webp"]);
    await images.stop();
    expect((await upload()).status).toBe(503);
    // What can't delete a picture now doesn't keep the profile from changing.
    const address = `/api/images/view/${id}`;
    const put = (avatarUrl: string) => client.as(session).put("/api/members/profile", { avatarUrl });
    expect((await put(address)).status).toBe(200);
    expect((await put("")).status).toBe(200);
  });
});
