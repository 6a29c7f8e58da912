import { commandGroup, LONG } from "./command-group.ts";
import { table } from "./table.ts";

interface JobReport {
  readonly outcome: "DONE" | "ELSEWHERE";
  readonly ms?: number;
  readonly result?: unknown;
}

/** The scheduled jobs. */
export const jobs = commandGroup("jobs", {
  list: {
    purpose: "the jobs, their schedules and what they do",
    run: async (call) => table(["name", "schedule", "purpose"], await call("batch.listJobs")),
  },
  run: {
    takes: ["NAME"],
    purpose: "runs a job now, unless it is running",
    async run(call, { words: { NAME: name } }) {
      const report = await call<JobReport>("batch.runJob", { name }, LONG);
      if (report.outcome === "ELSEWHERE") return `not run: ${name} is running on a node already`;
      return `done in ${report.ms} ms: ${JSON.stringify(report.result)}`;
    },
  },
});
