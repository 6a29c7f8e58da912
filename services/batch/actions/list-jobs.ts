import { Type } from "@sinclair/typebox";
import { JOBS } from "../../../config/jobs.ts";
import { actionsOf } from "../../../contracts/action.ts";
import { Nothing } from "../../../contracts/dto/scalars.ts";

const batchAction = actionsOf();

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
  handler() {
    return JOBS.map((job) => ({ ...job }));
  },
});
