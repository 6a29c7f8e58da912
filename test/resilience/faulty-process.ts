import { ServiceBroker } from "moleculer";
import { configOrThrow } from "../../config/index.ts";
import { domainError, type ErrorCode } from "../../contracts/errors.ts";
import { brokerOptions } from "../../moleculer.config.ts";

/** A node in a process of its own: `bottom` throws what it is asked for, `middle` asks the bottom of another node. */

const [role = ""] = process.argv.slice(2);

const bottom = {
  name: "content",
  actions: {
    fail(ctx: { params: { code: ErrorCode; data: object } }) {
      throw domainError(ctx.params.code, ctx.params.data);
    },
  },
};

const middle = {
  name: "member",
  actions: {
    relay: (ctx: { params: object; call(action: string, params: object): Promise<unknown> }) =>
      ctx.call("content.fail", ctx.params),
  },
};

const broker = new ServiceBroker({ ...brokerOptions(configOrThrow(process.env)), logger: false });
broker.createService(role === "bottom" ? bottom : middle);
await broker.start();
process.once("disconnect", () => process.exit());
process.send?.("ready");
