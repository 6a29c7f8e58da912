import { Cron } from "croner";
import type { Service, ServiceSchema } from "moleculer";
import type { Config } from "../../config/index.ts";
import { JOBS } from "../../config/jobs.ts";
import { listJobs } from "./actions/list-jobs.ts";
import { runJob } from "./actions/run-job.ts";

type BatchThis = Service & { schedules: Cron[] };

/** Runs the jobs of `config/jobs.ts` at their times. Owns no data: a job is an action of the service that does. */
export default function batchService({ jobs }: Config): ServiceSchema {
  return {
    name: "batch",
    actions: { listJobs, runJob },
    created(this: BatchThis) {
      this.schedules = [];
    },
    started(this: BatchThis) {
      if (jobs.mode === "off") return;
      this.schedules = JOBS.map(
        ({ name, schedule }) =>
          new Cron(
            schedule,
            { name: `${this.broker.nodeID}:${name}`, timezone: jobs.timeZone, protect: true },
            async () => {
              await this.broker.call("batch.runJob", { name }).catch((error: unknown) => {
                this.logger.error({ job: name, err: error }, "job failed");
              });
            },
          ),
      );
    },
    stopped(this: BatchThis) {
      for (const schedule of this.schedules) schedule.stop();
    },
  } as unknown as ServiceSchema;
}
