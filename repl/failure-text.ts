/** What was typed can't be done; the message tells what can. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

interface CallError {
  readonly type?: string;
  readonly message?: string;
  readonly data?: {
    readonly action?: string;
    readonly reason?: string;
    readonly errors?: readonly { readonly field: string; readonly rule: string; readonly limit?: unknown }[];
  };
}

/** One line: what went wrong, and what to do. Errors of other nodes are told by their type alone. */
export function failureText(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  const { type, message, data } = Object(error) as CallError;
  const service = String(data?.action ?? "").split(".", 1)[0];
  switch (type) {
    case "SERVICE_NOT_FOUND":
    case "SERVICE_NOT_AVAILABLE":
      return `no node of the mesh runs ${service}: start one with SERVICES=${service} (or all)`;
    case "REQUEST_TIMEOUT":
      return "no answer in time: it may still be at work; look again before you repeat it";
    case "SERVICE_UNAVAILABLE":
      if (data?.reason === "BREAKER_OPEN")
        return 'this node has stopped asking for a while: see "breakers list"';
      if (data?.reason === "QUEUE_FULL") return "too much is waiting there already: try again";
      return "a store is away: try again when /health/ready answers 200";
    case "VALIDATION_ERROR":
      return (data?.errors ?? []).map(fieldText).join("; ") || oneLine(message);
    default:
      return oneLine(message ?? error);
  }
}

/** How the rules of validation that come with a limit read in a sentence. */
const EXPECTED: Readonly<Record<string, string>> = {
  enum: "one of",
  minimum: "at least",
  maximum: "at most",
};

function fieldText({ field, rule, limit }: { field: string; rule: string; limit?: unknown }): string {
  if (limit === undefined) return `${field} can't be taken (${rule})`;
  return `${field} can't be taken: expected ${EXPECTED[rule] ?? rule} ${limit}`;
}

function oneLine(text: unknown): string {
  return String(text).split("\n", 1)[0] ?? "";
}
