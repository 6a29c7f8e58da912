import type { Context } from "moleculer";
import { callAction, type ServiceActions } from "../../contracts/actions.ts";
import type { RequestMeta } from "../../contracts/meta.ts";
import { metrics } from "../metrics/metrics.ts";
import { verdictOf } from "./call-failures.ts";

/**
 * `callAction` for what an answer can do without: undefined while the service can't be asked.
 * @throws what the service refuses
 */
export async function callIfAnswered<Name extends keyof ServiceActions>(
  ctx: Context<unknown, RequestMeta>,
  name: Name,
  params: ServiceActions[Name]["params"],
): Promise<ServiceActions[Name]["result"] | undefined> {
  try {
    return await callAction(ctx, name, params);
  } catch (error) {
    if (verdictOf(error) === "ANSWER") throw error;
    const action = ctx.action?.name ?? "";
    ctx.broker.logger.warn(
      { action, without: name, requestId: ctx.requestID, err: error },
      "answered with less",
    );
    metrics()?.degradedAnswers.inc({ action, without: name });
    return undefined;
  }
}
