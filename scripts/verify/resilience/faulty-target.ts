import { setTimeout as delay } from "node:timers/promises";
import { ServiceBroker } from "moleculer";
import { configOrThrow } from "../../../config/index.ts";
import { brokerOptions } from "../../../moleculer.config.ts";

/**
 * A node that stands for the activity service and behaves as it is told: its arguments are the transporter and the
 * namespace, its messages what it does from then on.
 */
export type Behaviour = "good" | "fail" | "slow" | "hang";

/** Longer than the time of an attempt (milliseconds). */
const SLOW = 6_000;
const EMPTY_PAGE = { content: [], page: 0, size: 20, hasNext: false, nextCursor: null };

let behaviour: Behaviour = "good";

async function answer(): Promise<unknown> {
  if (behaviour === "hang") await new Promise(() => undefined);
  if (behaviour === "slow") await delay(SLOW);
  if (behaviour === "fail" && Math.random() < 0.5) throw new Error("injected");
  return EMPTY_PAGE;
}

const [transporter = "", namespace = ""] = process.argv.slice(2);
const config = configOrThrow({ TRANSPORTER: transporter, NAMESPACE: namespace, NODE_ID: "target" });
const broker = new ServiceBroker({ ...brokerOptions(config), logger: false });
broker.createService({
  name: "activity",
  actions: { listOwnActivities: { idempotent: true, handler: answer } as object },
});
await broker.start();
process.on("message", (told: Behaviour) => {
  behaviour = told;
});
process.once("disconnect", () => process.exit());
process.send?.("ready");
