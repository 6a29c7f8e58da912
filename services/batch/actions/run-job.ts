import { type Static, Type } from "@sinclair/typebox";
import { JOBS } from "../../../config/jobs.ts";
import { StringEnum } from "../../../contracts/dto/scalars.ts";
import { validationError } from "../../../contracts/errors.ts";
import { batchAction } from "../batch.types.ts";

/** Milliseconds a job may take: jobs work in bounded chunks. */
export const JOB_TIMEOUT = 10 * 60_000;

const JobReport = Type.Object({
  name: Type.String(),
  outcome: StringEnum(["DONE", "ELSEWHERE"]),
  ms: Type.Optional(Type.Integer()),
  result: Type.Optional(Type.Unknown()),
});

export const runJob = batchAction({
  summary: "Run a job now, unless it is running",
  params: Type.Object({
    name: Type.String(),
    trigger: Type.Optional(StringEnum(["HAND", "SCHEDULE"], { default: "HAND" })),
  }),
  returns: JobReport,
  timeout: JOB_TIMEOUT,
  async handler(ctx): Promise<Static<typeof JobReport>> {
    const { name, trigger } = ctx.params;
    const job = JOBS.find((known) => known.name === name);
    if (!job)
      throw validationError({
        field: "name",
        rule: "enum",
        limit: JOBS.map((known) => known.name).join(", "),
      });
    const outcome = trigger === "SCHEDULE" ? await this.jobs.runScheduled(job) : await this.jobs.run(job);
    if (outcome.outcome === "DONE") this.logger.info({ job: name, ...outcome }, "job done");
    return { name, ...outcome };
  },
});
