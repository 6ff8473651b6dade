import type { Point } from "../shared/geometry.ts";
import type { AlertView, HookResults, ReloadReport, UndeliveredView } from "../shared/http-messages.ts";
import type { JobStateName } from "../shared/job-states.ts";
import type { MotionPlan } from "../shared/plan.ts";
import type { PlotOptions } from "../shared/plot-settings.ts";
import type { DeviceView, JobView, SystemView } from "../shared/ws-messages.ts";

/** What may be asked of the daemon, by HTTP or in this process. Commands are method calls, so a refusal can be returned. */

/** A client's own name for a request, so that asking twice does it once, and a hash of what it asked for. */
export interface SubmissionKey {
  readonly key: string;
  readonly fingerprint: string;
}

export interface JobUpload {
  /** The drawing itself, or a file on the disk of the jobs that is taken over. */
  readonly svg: Uint8Array | { readonly file: string };
  /** The file's name as the person gave it. */
  readonly fileName: string;
  readonly options: PlotOptions;
  readonly priority?: number;
  readonly device?: string;
  readonly hold?: boolean;
  /** Remembered with the job. */
  readonly submission?: SubmissionKey;
}

export interface JobQuery {
  readonly states?: readonly JobStateName[];
  readonly limit: number;
  /** As a former answer gave it in `nextCursor`. */
  readonly cursor?: string;
}

export interface JobPatch {
  readonly name?: string;
  readonly priority?: number;
  readonly hold?: boolean;
  readonly device?: string | null;
  readonly options?: PlotOptions;
  /** New place among the waiting jobs, 0 is next. */
  readonly position?: number;
}

/** Throws `PlottyError`: `job.not-found`, `job.refused-transition`, `device.unavailable`, … */
export interface JobService {
  submit(upload: JobUpload): JobView;
  /** What an earlier submission of this key has become; null for a new key. Throws `request.key-reused`. */
  submitted(submission: SubmissionKey): JobView | null;
  list(query: JobQuery): { jobs: JobView[]; nextCursor: string | null };
  /** All jobs that have not ended, oldest first. */
  open(): JobView[];
  get(id: string): JobView;
  plan(id: string): MotionPlan;
  pause(id: string): Promise<JobView>;
  resume(id: string): Promise<JobView>;
  cancel(id: string): Promise<JobView>;
  retry(id: string): Promise<JobView>;
  patch(id: string, patch: JobPatch): Promise<JobView>;
  remove(id: string): Promise<void>;
}

export type DeviceAction =
  | { readonly type: "ready"; readonly ready: boolean }
  /** Heights in per cent of the servo's range; they, speed and delay hold from the next stroke to the end of the job. */
  | {
      readonly type: "pen";
      readonly up?: boolean;
      readonly upPercent?: number;
      readonly downPercent?: number;
      readonly speedMmPerS?: number;
      readonly delayMs?: number;
    }
  | { readonly type: "jog"; readonly dxMm: number; readonly dyMm: number }
  | { readonly type: "home" }
  | { readonly type: "park" }
  /** Once around this area with the pen up, mm. */
  | { readonly type: "outline"; readonly min: Point; readonly max: Point }
  | { readonly type: "motors"; readonly on: boolean }
  /** Halt now: the motors stop at once, and where the carriage stands is no longer known. */
  | { readonly type: "stop" }
  | { readonly type: "maintenance"; readonly on: boolean };

/** Throws `PlottyError`: `device.not-found`, `device.unavailable`, `device.busy`, … */
export interface DeviceService {
  list(): DeviceView[];
  get(id: string): DeviceView;
  act(id: string, action: DeviceAction): Promise<DeviceView>;
  /** The process that drives the machine; undefined when none runs, or when it is this one. */
  pid?(id: string): number | undefined;
}

export interface AlertQuery {
  /** Only those that neither are over nor were acknowledged. */
  readonly open: boolean;
  readonly limit: number;
  readonly cursor?: string;
}

/** Throws `PlottyError`: `alert.not-found`. */
export interface AlertService {
  /** Newest first. */
  list(query: AlertQuery): { alerts: AlertView[]; nextCursor: string | null };
  /** A person has seen it. Once more changes nothing. */
  acknowledge(id: string): AlertView;
}

export interface ConfigService {
  /** Reads the configuration anew. Throws `config.invalid` or `config.unreadable`; the former stays in force then. */
  reload(): ReloadReport;
}

/** Throws `PlottyError`: `hook.not-found`, `job.not-found`. */
export interface HookService {
  /** Runs the hooks of a state (or of ALERT) now, with a job's values or invented ones; their failures are results. */
  test(event: JobStateName | "ALERT", jobId?: string): Promise<HookResults>;
  undelivered(): UndeliveredView[];
  /** Resolves when it was tried once more. */
  retry(id: number): Promise<void>;
  drop(id: number): void;
}

export interface SystemService {
  view(): Omit<SystemView, "websocket">;
}
