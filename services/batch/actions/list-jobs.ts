import { Type } from "@sinclair/typebox";
import { JOBS } from "../../../config/jobs.ts";
import { Nothing } from "../../../contracts/dto/scalars.ts";
import { batchAction } from "../batch.types.ts";

export const listJobs = batchAction({
  summary: "The jobs and their schedules",
  params: Nothing,
  returns: Type.Array(
    Type.Object({
      name: Type.String(),
      schedule: Type.String(),
      purpose: Type.String(),
      action: Type.String(),
    }),
  ),
  idempotent: true,
  handler() {
    return JOBS.map(({ name, schedule, purpose, action }) => ({ name, schedule, purpose, action }));
  },
});
