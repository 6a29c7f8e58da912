/** An error as the log shows it. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  /** The statement that failed, with placeholders for its values. */
  readonly statement?: string;
  readonly cause?: LoggedError;
}

/** How far causes are followed. */
const MAX_DEPTH = 5;

/**
 * What may be logged of an error: never the values bound to a statement, which hold texts of members, password hashes
 * and signing keys. Database errors carry them in several properties, so only known ones are taken.
 */
export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { name, message, stack, cause, code, type, sql } = error as Error & Record<string, unknown>;
  // "Duplicate entry 'a@example.com' for key ...": the server's text of a broken key quotes the value.
  const safe = (text: string) => text.replace(/(Duplicate entry )'.*?'( for key)/gs, "$1'...'$2");
  return {
    type: typeof type === "string" ? type : name,
    message: safe(message),
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    ...(stack ? { stack: safe(stack) } : {}),
    ...(typeof sql === "string" ? { statement: sql } : {}),
    ...(cause !== undefined && depth < MAX_DEPTH ? { cause: loggedError(cause, depth + 1) } : {}),
  };
}
