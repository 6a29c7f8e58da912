import { expect, test } from "vitest";
import { imageIdOf } from "./image-address.ts";

const ID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

test.each([
  ID,
  `/api/images/view/${ID}`,
  `/api/proxy/images/view/${ID}`,
  `https://feed.example/api/images/view/${ID}?thumbnail=true`,
  `http://localhost:3000/api/images/view/${ID.toUpperCase()}/#x`,
])("%s is an address of an image", (address) => {
  expect(imageIdOf(address)).toBe(ID);
});

test.each([
  "",
  "no-image",
  "/avatars/01.svg",
  `/api/images/view/${ID}.png`,
  `/api/images/view/${ID}/../x`,
  `https://feed.example/?id=${ID}`,
  "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
])("%s is none", (address) => {
  expect(imageIdOf(address)).toBeUndefined();
});
