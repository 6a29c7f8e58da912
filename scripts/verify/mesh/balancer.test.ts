import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { freePort } from "../events/real-servers.ts";
import { Balancer } from "./balancer.ts";

const opened: { close: () => unknown }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** A target that closes each connection after its answer, as one that drains does. */
async function target(name: string, isReady = () => true): Promise<string> {
  const server: Server = createServer((request, response) => {
    if (request.url === "/healthcheck/ready") response.writeHead(isReady() ? 200 : 503).end();
    else response.writeHead(200, { Connection: "close" }).end(name.repeat(200_000));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({ close: () => server.close() });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function balance(urls: readonly string[]): Promise<() => Promise<string | undefined>> {
  const balancer = await Balancer.start(urls);
  opened.push({ close: () => balancer.stop() });
  return async () => {
    const text = await (await fetch(balancer.url)).text();
    return text.length === 200_000 ? text[0] : `${text.length} characters`;
  };
}

test("connections go in turn, and whole answers come back from targets that close", async () => {
  const ask = await balance([await target("a"), await target("b")]);
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual(["a", "b", "a", "b"]);
});

test("a target that refuses connections is passed over at once", async () => {
  const ask = await balance([`http://127.0.0.1:${await freePort()}`, await target("b")]);
  expect([await ask(), await ask()]).toEqual(["b", "b"]);
});

test("a target that isn't ready gets nothing new; where none is, all do", async () => {
  const ready = { a: true, b: true };
  const ask = await balance([await target("a", () => ready.a), await target("b", () => ready.b)]);
  const answers = async () => [await ask(), await ask()].sort().join();
  ready.a = false;
  await expect.poll(answers, { timeout: 30_000 }).toBe("b,b");
  ready.b = false;
  await expect.poll(answers, { timeout: 30_000 }).toBe("a,b");
});
