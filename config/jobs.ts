/** A job: an action of the service that owns the work, and when it runs (in `EVENT_TIMEZONE`). */
export interface Job {
  readonly name: string;
  readonly action: string;
  /** Cron: minute, hour, day of month, month, day of week. */
  readonly schedule: string;
  readonly purpose: string;
}

/** Every scheduled job. Each may run on several nodes at once or twice: the actions see to that. */
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
];
