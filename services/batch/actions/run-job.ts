import { Type } from "@sinclair/typebox";
import { JOBS } from "../../../config/jobs.ts";
import { actionsOf } from "../../../contracts/action.ts";
import { validationError } from "../../../contracts/errors.ts";

const batchAction = actionsOf();

/** Milliseconds a job may take: jobs work in bounded chunks. */
const JOB_TIMEOUT = 10 * 60_000;

export const runJob = batchAction({
  summary: "Run a job now, here",
  params: Type.Object({ name: Type.String() }),
  returns: Type.Object({ name: Type.String(), ms: Type.Integer(), result: Type.Unknown() }),
  timeout: JOB_TIMEOUT,
  async handler(ctx) {
    const job = JOBS.find(({ name }) => name === ctx.params.name);
    if (!job)
      throw validationError({ field: "name", rule: "enum", limit: JOBS.map(({ name }) => name).join(", ") });
    const startedAt = Date.now();
    const result: unknown = await ctx.call(job.action, {}, { timeout: JOB_TIMEOUT });
    const ms = Date.now() - startedAt;
    this.logger.info({ job: job.name, ms, result }, "job done");
    return { name: job.name, ms, result };
  },
});
