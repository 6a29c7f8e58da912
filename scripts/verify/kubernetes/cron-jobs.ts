import { until } from "../events/until.ts";
import type { KubernetesScenario } from "./scenario.ts";

const ZONE = "Asia/Seoul";
const SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

/**
 * Every CronJob makes its Job, at the minute that its schedule names in Seoul: for those that run once an hour or a day
 * the schedule is moved to a minute that is near.
 */
export const cronJobsInTime: KubernetesScenario = async ({ cluster, say }) => {
  const crons = (await cluster.render("overlays/production")).filter(({ kind }) => kind === "CronJob");
  // Far enough that the change is seen in time.
  const due = new Date(Math.ceil((Date.now() + 5_000) / 60_000) * 60_000);
  const [hour, minute] = new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONE,
    hour: "2-digit",
    minute: "2-digit",
  })
    .format(due)
    .split(":")
    .map(Number);
  for (const { spec } of crons) {
    if (spec.schedule === "* * * * *") continue;
    const [, , ...days] = spec.schedule.split(" ");
    spec.schedule = [minute, spec.schedule.split(" ")[1] === "*" ? "*" : hour, ...days].join(" ");
  }
  await cluster.apply(crons);
  say(
    `all are due at ${due.toISOString().slice(11, 16)} UTC, ${hour}:${String(minute).padStart(2, "0")} in Seoul`,
  );

  const jobs = async () =>
    (await cluster.api.list("/apis/batch/v1/namespaces/dailyfeed/jobs")).filter(
      ({ metadata }) => Date.parse(metadata.annotations?.[SCHEDULED] ?? "") === due.getTime(),
    );
  const madeBy = (all: Awaited<ReturnType<typeof jobs>>, name: string) =>
    all.filter(({ metadata, status }) => metadata.ownerReferences[0].name === name && status.succeeded === 1);
  await until("every CronJob's Job of that minute is done", async () => {
    const all = await jobs();
    return crons.every(({ metadata }) => madeBy(all, metadata.name).length > 0);
  });
  const all = await jobs();
  await cluster.apply((await cluster.render("overlays/production")).filter(({ kind }) => kind === "CronJob"));
  return {
    figures: Object.fromEntries(
      crons.map(({ metadata }) => [
        metadata.name,
        `${madeBy(all, metadata.name).length} Job of that minute, succeeded`,
      ]),
    ),
    differences: crons
      .filter(({ metadata }) => madeBy(all, metadata.name).length !== 1)
      .map(({ metadata }) => `${metadata.name} made ${madeBy(all, metadata.name).length} Jobs`),
  };
};
