/** A job: an action of the service that owns the work, and when it runs (in `EVENT_TIMEZONE`). */
export interface Job {
  readonly name: string;
  readonly action: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Cron: minute, hour, day of month, month, day of week. */
  readonly schedule: string;
  readonly purpose: string;
}

/** Every scheduled job. Each runs once in the cluster, however many nodes schedule it. */
export const JOBS: readonly Job[] = [
  {
    name: "rotate-keys",
    action: "auth.rotateKeys",
    schedule: "* * * * *",
    purpose: "Replace the signing key once it is older than JWT_KEY_ROTATION",
  },
  {
    name: "clean-expired",
    action: "auth.cleanExpired",
    schedule: "0 3 * * *",
    purpose: "Delete expired refresh tokens, blacklist rows and dead keys",
  },
  {
    name: "continue-withdrawals",
    action: "auth.continueWithdrawals",
    schedule: "* * * * *",
    purpose: "Remove the follow relations that a withdrawal had to leave for later",
  },
  {
    name: "create-topics",
    action: "batch.createTopics",
    schedule: "50 23 * * *",
    purpose: "Make the topics of the days to come",
  },
  {
    name: "drop-topics",
    action: "batch.dropTopics",
    schedule: "0 4 * * *",
    purpose: "Drop topics older than a week that every group has read to the end",
  },
  {
    name: "resend-dead-letters",
    action: "batch.replayDeadLetters",
    params: { side: "PUBLISHER" },
    schedule: "* * * * *",
    purpose: "Send events again that could not be sent",
  },
  {
    name: "reprocess-dead-letters",
    action: "batch.replayDeadLetters",
    params: { side: "LISTENER" },
    schedule: "* * * * *",
    purpose: "Apply events again that a consumer had to give up",
  },
  {
    name: "remove-image-orphans",
    action: "image.removeOrphans",
    schedule: "20 * * * *",
    purpose: "Remove image files without a row, what interrupted uploads left, and rows without files",
  },
  {
    name: "check-search",
    action: "search.checkDrift",
    schedule: "40 * * * *",
    purpose: "Compare the ids of the search index with those that exist, and put right what differs",
  },
];
