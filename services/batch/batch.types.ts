import type { Service } from "moleculer";
import { actionsOf } from "../../contracts/action.ts";
import type { DocumentsMembers } from "../../mixins/documents.mixin.ts";
import type { KafkaProducerMembers } from "../../mixins/kafka-producer.mixin.ts";
import type { SqlMembers } from "../../mixins/sql.mixin.ts";
import type { DeadLetterReplay } from "./dead-letter-replay.ts";
import type { JobRunner } from "./job-runner.ts";

export type BatchThis = Service &
  SqlMembers &
  DocumentsMembers &
  KafkaProducerMembers & {
    jobs: JobRunner;
    replay: DeadLetterReplay;
    /** Full names of the consumer groups. */
    groups: readonly string[];
    hideDeadLetters?: () => void;
  };

export const batchAction = actionsOf<BatchThis>();
