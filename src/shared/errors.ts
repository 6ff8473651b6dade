/**
 * Every failure plotty knows by name. The place that knows throws; the place that can act catches, by code.
 * The HTTP status and the exit code that go with a code stand here, once.
 */
export const ERROR_KINDS = {
  "usage.invalid": { status: 400, exit: 2 },
  "config.invalid": { status: 422, exit: 2 },
  "config.unreadable": { status: 422, exit: 2 },
  "file.unreadable": { status: 400, exit: 1 },
  "svg.unreadable": { status: 422, exit: 1 },
  "svg.too-complex": { status: 422, exit: 1 },
  "plan.empty": { status: 422, exit: 1 },
  "plan.unknown-paper": { status: 422, exit: 2 },
  "plan.unknown-pen": { status: 422, exit: 2 },
  "plan.unreadable": { status: 500, exit: 1 },
  "job.not-found": { status: 404, exit: 1 },
  "job.refused-transition": { status: 409, exit: 1 },
  "job.exists": { status: 409, exit: 1 },
  "hook.not-found": { status: 404, exit: 1 },
  "alert.not-found": { status: 404, exit: 1 },
  "device.not-found": { status: 404, exit: 1 },
  "device.unavailable": { status: 409, exit: 1 },
  "device.busy": { status: 409, exit: 1 },
  "device.port-missing": { status: 409, exit: 1 },
  "device.port-denied": { status: 409, exit: 1 },
  "device.port-busy": { status: 409, exit: 1 },
  "device.not-ebb": { status: 409, exit: 1 },
  "device.firmware-too-old": { status: 409, exit: 1 },
  "device.reply-timeout": { status: 409, exit: 1 },
  "device.reply-invalid": { status: 409, exit: 1 },
  "device.board-error": { status: 409, exit: 1 },
  "device.link-closed": { status: 409, exit: 1 },
  "device.no-motor-power": { status: 409, exit: 1 },
  "device.position-unknown": { status: 409, exit: 1 },
  "device.driver-died": { status: 409, exit: 1 },
  "request.invalid": { status: 400, exit: 2 },
  "request.key-reused": { status: 422, exit: 1 },
  "request.precondition-failed": { status: 412, exit: 1 },
  "request.too-large": { status: 413, exit: 1 },
  "request.not-found": { status: 404, exit: 1 },
  "request.method-not-allowed": { status: 405, exit: 1 },
  "auth.missing-key": { status: 401, exit: 4 },
  "auth.wrong-key": { status: 401, exit: 4 },
  "auth.key-not-found": { status: 404, exit: 1 },
  "auth.forbidden": { status: 403, exit: 4 },
  "auth.too-many-failures": { status: 429, exit: 4 },
  "daemon.unreachable": { status: 503, exit: 3 },
  "daemon.already-running": { status: 409, exit: 1 },
  "daemon.address-in-use": { status: 409, exit: 1 },
  "daemon.stopping": { status: 503, exit: 1 },
  "store.unusable": { status: 500, exit: 1 },
  "disk.full": { status: 507, exit: 1 },
  internal: { status: 500, exit: 1 },
} as const;

export type ErrorCode = keyof typeof ERROR_KINDS;

/** An error as data: what a job keeps, a problem document carries and a log line prints. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export class PlottyError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  /** @param message one sentence: what is wrong, where, and what to do */
  constructor(
    code: ErrorCode,
    message: string,
    details?: Readonly<Record<string, unknown>>,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "PlottyError";
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERROR_KINDS[this.code].status;
  }

  get exitCode(): number {
    return ERROR_KINDS[this.code].exit;
  }

  toBody(): ErrorBody {
    return this.details
      ? { code: this.code, message: this.message, details: this.details }
      : { code: this.code, message: this.message };
  }
}

/** Any thrown thing as one of ours: what is not a `PlottyError` is `internal`, with its cause kept. */
export function toPlottyError(thrown: unknown): PlottyError {
  if (thrown instanceof PlottyError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new PlottyError("internal", message, undefined, thrown);
}

export function errorFromBody(body: ErrorBody): PlottyError {
  return new PlottyError(body.code in ERROR_KINDS ? body.code : "internal", body.message, body.details);
}
