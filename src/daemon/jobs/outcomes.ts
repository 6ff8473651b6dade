import { PLAN_START } from "../../shared/plan.ts";
import type { Devices } from "../device/devices.ts";
import type { StoppedReport } from "../device/driver-messages.ts";
import { readJournal } from "../device/journal.ts";
import type { Machine } from "../device/machine.ts";
import type { JobBook } from "./job-book.ts";
import { JobFolder } from "./job-folder.ts";
import type { JobRecord } from "./job-record.ts";
import type { Odometer } from "./odometer.ts";

export interface OutcomesOptions {
  readonly book: JobBook;
  readonly odometer: Odometer;
  readonly devices: Devices;
  readonly dataDir: string;
}

/** What becomes of a job when its machine has stopped. */
export class Outcomes {
  readonly #options: OutcomesOptions;
  /** When each job that was begun at its start and not interrupted since was begun, ms. */
  readonly #begun = new Map<string, number>();

  constructor(options: OutcomesOptions) {
    this.#options = options;
  }

  /** @param atStart false: it goes on, so that the time it takes says nothing */
  begun(jobId: string, atStart: boolean): void {
    if (atStart) this.#begun.set(jobId, this.#options.book.publisher.clock.monotonicMs());
    else this.#begun.delete(jobId);
  }

  /** @returns whether it ended with a failure that no machine can mend, so that its own is free */
  settle(job: JobRecord, machine: Machine, stopped: StoppedReport): { isOver: boolean } {
    const { book } = this.#options;
    const { at, reason } = stopped;
    switch (stopped.outcome) {
      case "completed":
        this.#complete(job, machine);
        break;
      case "cancelled":
        book.transition(job.id, { type: "cancelled", at, reason });
        break;
      case "paused":
        this.#paused(job, machine, stopped);
        break;
      case "halted":
        book.transition(job.id, { type: "paused", at, byFault: true, reason });
        break;
      case "failed":
        return this.#fault(job, machine, stopped);
    }
    return { isOver: false };
  }

  #complete(job: JobRecord, machine: Machine): void {
    const { book } = this.#options;
    const plan = { ...job.plan!, ...this.#timeTaken(job, machine) };
    const { totals } = plan;
    const layer = plan.layers.length - 1;
    const at = "at" in job.state ? (job.state.at ?? PLAN_START) : PLAN_START;
    const whole = { pointsPlotted: totals.points, inkMm: totals.inkMm, strokes: totals.lifts };
    book.report(job, { at, progress: 1, remainingS: 0, layer, ...whole });
    book.transition(job.id, { type: "completed", reason: "Drawn to the end" }, { progress: 1, plan });
  }

  #timeTaken(job: JobRecord, machine: Machine): { actualS?: number } {
    const { book, devices } = this.#options;
    const begunMs = this.#begun.get(job.id);
    this.#begun.delete(job.id);
    if (begunMs === undefined) return {};
    const { driver, speed } = machine.state.device;
    const realS = (book.publisher.clock.monotonicMs() - begunMs) / 1000;
    if (driver === "virtual" && speed !== 1) return { actualS: realS * speed };
    devices.learnTime(machine, job.plan!.totals.durationS, realS);
    return { actualS: realS };
  }

  /** On request, or because the drawing needs a person: then they are told what to do. */
  #paused(job: JobRecord, machine: Machine, { at, reason, wornPen }: StoppedReport): void {
    const { book, odometer } = this.#options;
    book.transition(job.id, { type: "paused", at, byFault: false, reason });
    if (wornPen) odometer.changed(wornPen);
    if (!wornPen && !/^(pen change|pause before)/.test(reason)) return;
    book.publisher.alert({
      level: wornPen ? "warning" : "info",
      message: `${job.id}: ${reason}, then plotty resume ${job.id}`,
      source: "job",
      jobId: job.id,
      deviceId: machine.id,
    });
  }

  /** A fault of the machine pauses the job, so that it can go on; a plan that cannot be read fails it. */
  #fault(job: JobRecord, machine: Machine, stopped: StoppedReport): { isOver: boolean } {
    const { book } = this.#options;
    const error = stopped.error!;
    const isMachine = error.code.startsWith("device.");
    const journal = readJournal(new JobFolder(this.#options.dataDir, job.id).journalFile);
    const at = journal ?? stopped.at;
    if (isMachine) book.transition(job.id, { type: "paused", at, byFault: true, reason: stopped.reason });
    else book.transition(job.id, { type: "failed", at, error, reason: stopped.reason });
    const advice = isMachine ? `; when that is mended, plotty resume ${job.id} goes on where it stopped` : "";
    book.publisher.alert({
      level: "error",
      message: `${job.id} stopped on ${machine.id}: ${error.message}${advice}`,
      source: "device",
      details: { code: error.code },
      jobId: job.id,
      deviceId: machine.id,
    });
    return { isOver: !isMachine };
  }
}
