export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface ApiErrorInit {
  readonly request: string;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly fieldErrors: readonly FieldError[];
  readonly refreshNeeded: boolean;
  readonly reloginRequired: boolean;
}

/** A failure that the system answered: real HTTP status and the error envelope's stable `code`. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly refreshNeeded: boolean;
  readonly reloginRequired: boolean;

  constructor(init: ApiErrorInit) {
    const fields = init.fieldErrors.map(({ field, message }) => `${field}: ${message}`).join("; ");
    const detail = fields === "" ? init.message : `${init.message} (${fields})`;
    super(`${init.request} answered ${init.status} ${init.code}: ${detail}`);
    this.status = init.status;
    this.code = init.code;
    this.refreshNeeded = init.refreshNeeded;
    this.reloginRequired = init.reloginRequired;
  }
}

/** No answer came: refused, reset, or out of time. Whether the request was carried out is unknown. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
  /** The connection was refused, so the request surely did not arrive. */
  readonly refused: boolean;

  constructor(request: string, cause: unknown) {
    const code = errorCode(cause);
    super(`${request} got no answer (${code ?? String(cause)}): is the system running at this address?`, {
      cause,
    });
    this.refused = code === "ECONNREFUSED";
  }
}

function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  return errorCode(error.cause);
}

/** True when a write may or may not have happened: look before repeating it. */
export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof UnreachableError || (error instanceof ApiError && error.status >= 500);
}

/** True when the system answered with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): error is ApiError {
  return error instanceof ApiError && codes.includes(error.code);
}
