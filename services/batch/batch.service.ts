import { Cron } from "croner";
import type { ServiceSchema } from "moleculer";
import type { Config } from "../../config/index.ts";
import { JOBS, type Job } from "../../config/jobs.ts";
import { CONSUMER_GROUPS } from "../../config/topics.ts";
import { LeaseStore } from "../../lib/leases/lease-store.ts";
import { onScrape, reading } from "../../lib/metrics/metrics.ts";
import { CallPublisher } from "../../lib/outbox/call-publisher.ts";
import { DocumentsMixin } from "../../mixins/documents.mixin.ts";
import { groupName } from "../../mixins/kafka-consumer.mixin.ts";
import { KafkaProducerMixin } from "../../mixins/kafka-producer.mixin.ts";
import { callConsumers } from "../../mixins/outbox.mixin.ts";
import { SqlMixin } from "../../mixins/sql.mixin.ts";
import {
  discardDeadLetter,
  listDeadLetters,
  replayDeadLetters,
  showDeadLetter,
} from "./actions/dead-letters.ts";
import { listJobs } from "./actions/list-jobs.ts";
import { republishEvents } from "./actions/republish-events.ts";
import { JOB_TIMEOUT, runJob } from "./actions/run-job.ts";
import { createTopics, dropTopics, listTopics, topicLag } from "./actions/topics.ts";
import type { BatchThis } from "./batch.types.ts";
import { DeadLetterReplay } from "./dead-letter-replay.ts";
import { JobRunner } from "./job-runner.ts";

type Scheduling = BatchThis & { schedules: Cron[] };

/**
 * Runs the jobs of `config/jobs.ts` at their times, once in the cluster, and keeps house in the event log: topics and
 * dead letters. Owns no data: a job is an action of the service that does.
 */
export default function batchService(config: Config): ServiceSchema {
  const { jobs, mesh, events } = config;
  return {
    name: "batch",
    mixins: [
      SqlMixin(config.database),
      DocumentsMixin({ ...config, health: "degrading" }),
      KafkaProducerMixin(config),
    ],
    actions: {
      listJobs,
      runJob,

      createTopics,
      dropTopics,
      listTopics,
      topicLag,

      listDeadLetters,
      showDeadLetter,
      replayDeadLetters,
      discardDeadLetter,
      republishEvents,
    },
    created(this: Scheduling) {
      this.schedules = [];
      this.groups = CONSUMER_GROUPS.map((group) => groupName(events.namespace, group));
      const work = ({ action, params }: Job) =>
        this.broker.call(action, params ?? {}, { timeout: JOB_TIMEOUT });
      this.jobs = new JobRunner(new LeaseStore(this.database), mesh.nodeId, work);
      const byCall = new CallPublisher(callConsumers(this.broker));
      this.replay = new DeadLetterReplay({
        deadLetters: this.deadLetters,
        publisher: () => (events.publishType === "call" ? byCall : this.eventPublisher),
        applyAgain: (consumer, { messageKey, payload }) =>
          this.broker.call(`${consumer}.applyAgain`, { key: messageKey, value: payload }),
        namespace: events.namespace,
        timeZone: events.timeZone,
      });
    },
    started(this: Scheduling) {
      this.hideDeadLetters = onScrape(async ({ deadLetters }) => {
        const open = await this.deadLetters.countOpen();
        return open.map(({ count, ...labels }) => reading(deadLetters, count, labels));
      });
      if (jobs.mode === "off") return;
      this.schedules = JOBS.map(
        ({ name, schedule }) =>
          new Cron(
            schedule,
            { name: `${this.broker.nodeID}:${name}`, timezone: jobs.timeZone, protect: true },
            async () => {
              await this.broker
                .call("batch.runJob", { name, trigger: "SCHEDULE" })
                .catch((error: unknown) => {
                  this.logger.error({ job: name, err: error }, "job failed");
                });
            },
          ),
      );
    },
    stopped(this: Scheduling) {
      for (const schedule of this.schedules) schedule.stop();
      this.hideDeadLetters?.();
    },
  } as unknown as ServiceSchema;
}
