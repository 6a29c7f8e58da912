import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { HttpClient } from "./http-client.ts";

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Answers what it is told to; a connection's requests are counted from 1. */
async function listen(answer: (turn: number, request: IncomingMessage) => "cut" | string | Promise<string>) {
  const turns = new WeakMap<object, number>();
  const seen: string[] = [];
  server = createServer(async (request, response) => {
    const turn = (turns.get(request.socket) ?? 0) + 1;
    turns.set(request.socket, turn);
    seen.push(`${request.method} ${turn}`);
    const text = await answer(turn, request);
    if (text === "cut") request.socket.resetAndDestroy();
    else response.end(text);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, seen };
}

const GET = { method: "GET", headers: {}, timeoutMs: 5_000 };
const POST = { method: "POST", headers: {}, body: "{}", timeoutMs: 5_000 };

test("connections are kept", async () => {
  const { url, seen } = await listen(() => "fine");
  const client = new HttpClient();
  expect(await client.send(url, POST)).toEqual({ status: 200, text: "fine" });
  await client.send(url, GET);
  expect(seen).toEqual(["POST 1", "GET 2"]);
});

test("a read goes out again when its kept connection ends before an answer", async () => {
  const { url, seen } = await listen((turn) => (turn === 2 ? "cut" : "fine"));
  const client = new HttpClient();
  await client.send(url, GET);
  expect(await client.send(url, GET)).toEqual({ status: 200, text: "fine" });
  expect(seen).toEqual(["GET 1", "GET 2", "GET 1"]);
  expect(client.resent).toBe(1);
});

test("a write doesn't, nor a read whose connection was new", async () => {
  const { url } = await listen((turn) => (turn === 2 ? "cut" : "fine"));
  const client = new HttpClient();
  await client.send(url, GET);
  await expect(client.send(url, POST)).rejects.toMatchObject({ code: "ECONNRESET" });
  server?.close();
  const cutting = await listen(() => "cut");
  await expect(client.send(cutting.url, GET)).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(cutting.seen).toEqual(["GET 1"]);
  expect(client.resent).toBe(0);
});

test("a form is sent as such", async () => {
  const { url } = await listen(async (_turn, request) => {
    const headers = { "content-type": String(request.headers["content-type"]) };
    const form = await new Response(Buffer.concat(await request.toArray()), { headers }).formData();
    return String(form.get("word"));
  });
  const body = new FormData();
  body.set("word", "hello");
  expect((await new HttpClient().send(url, { ...POST, body })).text).toBe("hello");
});
