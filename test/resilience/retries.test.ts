import { Errors, type ServiceBroker } from "moleculer";
import { afterEach, describe, expect, it, vi } from "vitest";
import { targetClasses } from "../../config/resilience.ts";
import { domainError } from "../../contracts/errors.ts";
import { hang, IDEMPOTENT, mesh, type Scripted, scripted, service } from "./faulty.ts";

const CLASSES = targetClasses({ limits: { default: 0, critical: 0, conservative: 0 }, patience: 1 });

/** The table of the design. */
const ROWS = [
  { services: ["auth", "member", "timeline"], attempts: 2, wait: 300 },
  { services: ["content", "activity", "search", "batch"], attempts: 3, wait: 500 },
  { services: ["image"], attempts: 2, wait: 1_000 },
].flatMap(({ services, ...row }) => services.map((name) => ({ name, ...row })));

const TIMES: Readonly<Record<string, { attempt: number; total: number }>> = {
  image: { attempt: 10_000, total: 30_000 },
  search: { attempt: 4_000, total: 15_000 },
};

let brokers: ServiceBroker[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(brokers.map((broker) => broker.stop()));
  brokers = [];
});

async function started(...nodes: Parameters<typeof mesh>[0][number][]): Promise<ServiceBroker> {
  brokers = await mesh(nodes, CLASSES);
  vi.useFakeTimers();
  return brokers[0] as ServiceBroker;
}

const lost = () => {
  throw new Errors.RequestRejectedError({ action: "content.x", nodeID: "far" });
};

/** Ends the call under the fake clock; answers its error's type and the milliseconds it took. */
async function outcomeOf(call: Promise<unknown>): Promise<[type: string | undefined, ms: number]> {
  const startedAt = Date.now();
  let outcome: [string | undefined, number] | undefined;
  call.then(
    () => (outcome = [undefined, Date.now() - startedAt]),
    (error: { type?: string; message: string }) =>
      (outcome = [error.type ?? error.message, Date.now() - startedAt]),
  );
  for (let waited = 0; outcome === undefined && waited < 60_000; waited += 50) {
    await vi.advanceTimersByTimeAsync(50);
  }
  if (!outcome) throw new Error("The call didn't end");
  return outcome;
}

describe.each(ROWS)("calls to $name", ({ name, attempts, wait }) => {
  it(`that may be repeated are tried ${attempts} times, ${wait} ms apart`, async () => {
    const target = scripted(lost, IDEMPOTENT);
    const broker = await started([service(name, { target })]);
    const startedAt = Date.now();
    const times: number[] = [];
    target.does = () => {
      times.push(Date.now() - startedAt);
      return lost();
    };
    expect((await outcomeOf(broker.call(`${name}.target`)))[0]).toBe("REQUEST_REJECTED");
    expect(times).toEqual(Array.from({ length: attempts }, (_, attempt) => attempt * wait));
  });

  it("end with the first attempt that works", async () => {
    const target = scripted(() => (target.runs === attempts ? "fine" : lost()), IDEMPOTENT);
    const broker = await started([service(name, { target })]);
    expect((await outcomeOf(broker.call(`${name}.target`)))[0]).toBeUndefined();
    expect(target.runs).toBe(attempts);
  });

  const { attempt, total } = TIMES[name] ?? { attempt: 3_000, total: 10_000 };
  it(`have ${attempt} ms each, and ${total} ms at most`, async () => {
    const silent = scripted(hang, IDEMPOTENT);
    const once = scripted(hang);
    const broker = await started([service(name, { silent, once })]);
    const [type, ms] = await outcomeOf(broker.call(`${name}.silent`));
    expect([type, silent.runs]).toEqual(["REQUEST_TIMEOUT", attempts]);
    expect(ms).toBeLessThanOrEqual(total);
    expect(ms).toBe(attempts * attempt + (attempts - 1) * wait);
    expect(await outcomeOf(broker.call(`${name}.once`))).toEqual(["REQUEST_TIMEOUT", attempt]);
    expect(once.runs).toBe(1);
  });

  it("that may not be repeated never are", async () => {
    const target = scripted(lost);
    const broker = await started([service(name, { target })]);
    await outcomeOf(broker.call(`${name}.target`));
    expect(target.runs).toBe(1);
  });

  it.each([
    ["a refusal", domainError("POST_NOT_FOUND")],
    ["too many requests", domainError("TOO_MANY_REQUEST")],
    ["a store that is away", domainError("SERVICE_UNAVAILABLE")],
    ["a bug", new TypeError("broken")],
    ["a server's error", new Errors.MoleculerServerError("broken", 500, "BROKEN", {})],
  ])("are not repeated for %s", async (_what, error) => {
    const target = scripted(() => {
      throw error;
    }, IDEMPOTENT);
    const broker = await started([service(name, { target })]);
    await outcomeOf(broker.call(`${name}.target`));
    expect(target.runs).toBe(1);
  });
});

describe("no retry begins that the time left doesn't allow", () => {
  it.each([
    [400, 1, 0],
    [900, 2, 500],
    [1_500, 3, 1_000],
  ])("of %i ms given", async (timeout, runs, ms) => {
    const target = scripted(lost, IDEMPOTENT);
    const broker = await started([service("content", { target })]);
    const outcome = await outcomeOf(broker.call("content.target", {}, { timeout }));
    expect([target.runs, outcome[1] - (outcome[1] % 500)]).toEqual([runs, ms]);
  });

  it("and the last attempt gets what is left", async () => {
    const target = scripted(() => (target.runs === 1 ? lost() : hang()), IDEMPOTENT);
    const broker = await started([service("content", { target })]);
    expect(await outcomeOf(broker.call("content.target", {}, { timeout: 1_200 }))).toEqual([
      "REQUEST_TIMEOUT",
      1_200,
    ]);
  });
});

/** top calls middle calls bottom. */
function deep(bottom: Scripted, middleOptions = IDEMPOTENT, topOptions = IDEMPOTENT) {
  const middle = scripted((ctx) => ctx.call("member.bottom"), middleOptions);
  const top = scripted((ctx) => ctx.call("content.middle"), topOptions);
  return {
    top,
    middle,
    services: [
      service("activity", { top }),
      service("content", { middle }),
      service("member", { bottom }),
    ] as const,
  };
}

describe.each([
  ["in one process", 1],
  ["in three processes' brokers", 3],
])("three services deep, %s", (_where, nodes) => {
  const spread = (services: ReturnType<typeof deep>["services"]) =>
    nodes === 1 ? [services] : [[services[0]], [services[1]], [services[2]]];

  it.each([
    ["that is lost", lost],
    ["that never answers", hang],
    ["that is lost, then never answers", () => (Math.random() < 0.5 ? lost() : hang())],
  ])("a bottom %s runs as often as one call's attempts", async (_what, does) => {
    const bottom = scripted(does, IDEMPOTENT);
    const { services, top, middle } = deep(bottom);
    const broker = await started(...spread(services));
    const [type, ms] = await outcomeOf(broker.call("activity.top"));
    expect(type).toMatch(/REQUEST_(REJECTED|TIMEOUT|SKIPPED)/);
    expect(bottom.runs).toBeLessThanOrEqual(3);
    expect([middle.runs, top.runs]).toEqual([top.runs, bottom.runs]);
    expect(ms).toBeLessThanOrEqual(10_000);
  });

  it("below a write, the read next to it is repeated, and the write is not", async () => {
    const bottom = scripted(lost, IDEMPOTENT);
    const { services, top, middle } = deep(bottom, IDEMPOTENT, { idempotent: false });
    const broker = await started(...spread(services));
    await outcomeOf(broker.call("activity.top"));
    expect([top.runs, middle.runs, bottom.runs]).toEqual([1, 3, 3]);
  });

  it("a call gets no more time than is left of the one above", async () => {
    const bottom = scripted(hang, IDEMPOTENT);
    const { services } = deep(bottom, { idempotent: false }, { idempotent: false });
    const broker = await started(...spread(services));
    const [type, ms] = await outcomeOf(broker.call("activity.top", {}, { timeout: 700 }));
    expect([type, ms]).toEqual(["REQUEST_TIMEOUT", 700]);
    expect(bottom.runs).toBe(1);
  });
});

it("writes run once, though their node is lost after the row was written", async () => {
  const rows: number[] = [];
  const write = scripted((ctx) => {
    rows.push(ctx.params.n ?? 0);
    return lost();
  });
  const broker = await started([], [service("content", { write })]);
  for (let n = 0; n < 5; n++) await outcomeOf(broker.call("content.write", { n }));
  expect(rows).toEqual([0, 1, 2, 3, 4]);
});
