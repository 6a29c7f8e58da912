import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readUploadOrThrow } from "./upload.ts";
import { UploadBudget } from "./upload-budget.ts";

const BOUNDARY = "----boundary";
const LIMIT = 30_000_000;

let server: Server;
let budget: UploadBudget;
/** The file, or the code of the refusal. */
let received: Buffer | string;

beforeAll(async () => {
  server = createServer((incoming, response) => {
    readUploadOrThrow(incoming, response, "image", budget)
      .catch((error: { type?: string }) => String(error.type))
      .then((outcome) => {
        received = outcome;
        response.end();
      });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.close());

/** Sends a form with this file, its bytes cut where they are told to be. */
async function send(file: Buffer, cuts: readonly number[], announced: "announced" | "chunked") {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), file, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
  const sent = request({
    port: (server.address() as AddressInfo).port,
    method: "POST",
    headers: {
      "content-type": `multipart/form-data; boundary=${BOUNDARY}`,
      ...(announced === "announced" ? { "content-length": body.length } : {}),
    },
  });
  sent.setNoDelay(true);
  const ends = [...cuts.map((cut) => head.length + cut), body.length];
  const answered = once(sent, "response");
  for (const [index, end] of ends.entries()) {
    sent.write(body.subarray(ends[index - 1] ?? 0, end));
    await turn();
  }
  sent.end();
  const [answer] = (await answered) as [IncomingMessage];
  await once(answer.resume(), "close");
  return received;
}

/** Bytes of all values, the same each time. */
function noise(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => ((at * 2_654_435_761) >>> 24) ^ at));
}

describe.each(["announced", "chunked"] as const)("a form's file, %s", (announced) => {
  it.each([
    ["a small one", noise(50), []],
    ["one of many pieces", noise(2_000_000), []],
    ["one cut anywhere", noise(300_000), [1, 2, 70_000, 200_001, 299_999]],
    [
      "one that looks like an end",
      Buffer.from(`\r\n--${BOUNDARY.slice(1)}\r\n--${BOUNDARY.slice(0, -1)}x`),
      [3],
    ],
    ["one of nothing but beginnings of an end", Buffer.from("\r\n--\r\r\n-".repeat(30_000)), [1, 65_530]],
    ["one that begins with half an end", Buffer.from(`\r\n--${BOUNDARY.slice(0, 5)}and goes on`), [0, 4, 6]],
  ])("comes as it was sent: %s", async (_name, file, cuts) => {
    budget = new UploadBudget(LIMIT);
    expect(Buffer.compare(Buffer.from(await send(file, cuts, announced)), file)).toBe(0);
    expect([budget.used, budget.reserved]).toEqual([0, 0]);
  });
});

it("an announced file that finds no room set aside is taken in pieces", async () => {
  budget = new UploadBudget(2_500_000);
  const other = budget.open();
  other.reserve(2_000_000);
  expect(Buffer.compare(Buffer.from(await send(noise(1_000_000), [], "announced")), noise(1_000_000))).toBe(
    0,
  );
  expect(budget.reserved).toBe(2_000_000);
});

it("a file that finds no room is refused", async () => {
  budget = new UploadBudget(500_000);
  expect(await send(noise(1_000_000), [], "announced")).toBe("SERVICE_UNAVAILABLE");
});
