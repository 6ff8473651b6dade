import type { Clock } from "../../shared/clock.ts";
import type { NewAlert } from "../alert-book.ts";
import type { Config } from "../config-schema.ts";
import type { Devices } from "../device/devices.ts";
import type { Machine } from "../device/machine.ts";
import type { JobRecord } from "./job-record.ts";
import type { JobStore } from "./store.ts";

export interface WaitingJobsOptions {
  readonly store: JobStore;
  readonly devices: Devices;
  readonly clock: Clock;
  /** Read at every look, so that a reload counts at once. */
  readonly limits: Config["alerts"];
  readonly raise: (alert: NewAlert) => void;
}

/** Tells when a job has waited long for a person: for paper, or for another pen. Its alert is over when the job goes on. */
export class WaitingJobs {
  readonly #options: WaitingJobsOptions;
  /** Since when each was seen to wait, by a clock that never jumps; `told` once it was told. */
  #seen = new Map<string, { sinceMs: number; told: boolean }>();

  constructor(options: WaitingJobsOptions) {
    this.#options = options;
  }

  look(): void {
    const { clock, limits } = this.#options;
    const now = clock.monotonicMs();
    const before = this.#seen;
    this.#seen = new Map();
    for (const { job, machine, lacks } of this.#waiting()) {
      const seen = before.get(`${job.id} ${lacks}`) ?? { sinceMs: now, told: false };
      this.#seen.set(`${job.id} ${lacks}`, seen);
      if (seen.told || now - seen.sinceMs < limits.waiting_minutes * 60_000) continue;
      seen.told = true;
      this.#tell(job, machine, lacks);
    }
  }

  #tell(job: JobRecord, machine: Machine, lacks: string): void {
    const minutes = this.#options.limits.waiting_minutes;
    const message = `${job.id} has waited ${minutes} min ${lacks}`;
    const about = { jobId: job.id, deviceId: machine.id };
    this.#options.raise({ key: `job/${job.id}/waiting`, level: "warning", source: "job", message, ...about });
  }

  #waiting(): { job: JobRecord; machine: Machine; lacks: string }[] {
    const { store, devices } = this.#options;
    const queued = store.inStates("QUEUED");
    const paused = store.inStates("PAUSED");
    return devices.all().flatMap((machine) => {
      const job = paused.find((each) => each.id === machine.state.jobId && /^pen change/.test(each.reason));
      if (job)
        return [
          { job, machine, lacks: `on ${machine.id} for a ${job.reason}, then plotty resume ${job.id}` },
        ];
      const next = lacksPaper(machine) && queued.find((each) => couldBeDrawnBy(each, machine));
      return next
        ? [
            {
              job: next,
              machine,
              lacks: `for paper in ${machine.id}: lay it in, then plotty ready ${machine.id}`,
            },
          ]
        : [];
    });
  }
}

function lacksPaper({ state }: Machine): boolean {
  return state.canDraw && state.jobId === null && state.requiresReady && !state.isReady;
}

function couldBeDrawnBy(job: JobRecord, machine: Machine): boolean {
  const isItsMachine = job.device === null || job.device === machine.id;
  return isItsMachine && !job.hold && job.plan?.model === machine.state.device.model;
}
