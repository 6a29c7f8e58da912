/** How a service's need for something outside the process is checked. */
export interface HealthCheck {
  readonly name: string;
  /** `required`: without it the process is not ready; `degrading`: it works, with less. */
  readonly effect: "required" | "degrading";
  /** Rejects when the thing doesn't answer. */
  readonly check: () => Promise<unknown>;
}

export interface HealthReport {
  readonly failing: readonly string[];
  readonly degraded: readonly string[];
}

/** Milliseconds a check may take: probes give up after a few seconds themselves. */
const CHECK_TIMEOUT = 2_000;

/** Runs the checks side by side; checks of the same name are one. */
export async function reportHealth(checks: readonly HealthCheck[]): Promise<HealthReport> {
  const distinct = [...new Map(checks.map((check) => [check.name, check])).values()];
  const results = await Promise.all(
    distinct.map(async (check) => ({ ...check, answers: await answers(check) })),
  );
  const failed = results.filter((result) => !result.answers);
  return {
    failing: failed.filter(({ effect }) => effect === "required").map(({ name }) => name),
    degraded: failed.filter(({ effect }) => effect === "degrading").map(({ name }) => name),
  };
}

async function answers({ check }: HealthCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), CHECK_TIMEOUT);
  });
  try {
    await Promise.race([check(), timeout]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
