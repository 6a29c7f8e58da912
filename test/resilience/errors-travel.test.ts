import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { ServiceBroker } from "moleculer";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import { type DomainErrorData, ERROR_CATALOGUE, type ErrorCode } from "../../contracts/errors.ts";
import { brokerOptions } from "../../moleculer.config.ts";
import { freePort } from "../metrics/exposition.ts";

/** Every error of the contract, from a process through another one to a third. */

const CODES = Object.keys(ERROR_CATALOGUE) as ErrorCode[];

const DATA: DomainErrorData = {
  errors: [{ field: "content", rule: "maxLength", limit: 5_000 }],
  retryAfter: 7,
  session: "refresh",
};

let near: ServiceBroker;
const children: ChildProcess[] = [];

beforeAll(async () => {
  const names = ["near", "middle", "bottom"];
  const ports = await Promise.all(names.map(() => freePort()));
  const TRANSPORTER = `tcp://${names.map((name, index) => `127.0.0.1:${ports[index]}/${name}`).join(",")}`;
  const mesh = { TRANSPORTER, NAMESPACE: `errors-${process.pid}` };
  for (const name of ["middle", "bottom"]) {
    const env = { PATH: process.env.PATH, ...mesh, NODE_ID: name };
    const child = fork(new URL("faulty-process.ts", import.meta.url), [name], { env });
    children.push(child);
    await once(child, "message");
  }
  const options = brokerOptions(configOrThrow({ ...mesh, NODE_ID: "near" }));
  near = new ServiceBroker({ ...options, logger: false });
  await near.start();
  await near.waitForServices(["member", "content"]);
  // The nodes in between learn of each other in their own time. Asked by calls that work: too many others open a breaker.
  const isComplete = async () => {
    const known = await near.call<{ name: string }[], object>(
      "$node.services",
      { onlyAvailable: true },
      { nodeID: "middle" },
    );
    return known.some(({ name }) => name === "content");
  };
  await vi.waitUntil(isComplete, { timeout: 60_000, interval: 100 });
});
afterAll(async () => {
  await near.stop();
  for (const child of children) child.disconnect();
});

it.each(CODES)("%s keeps its status, code and details", async (code) => {
  const expected = { code: ERROR_CATALOGUE[code][0], type: code, retryable: false, data: DATA };
  for (const action of ["content.fail", "member.relay"]) {
    await expect(near.call(action, { code, data: DATA })).rejects.toMatchObject(expected);
  }
});
