import { rmSync } from "node:fs";
import { PlottyError, toPlottyError } from "../../shared/errors.ts";
import type { Point } from "../../shared/geometry.ts";
import { PLAN_START, type PlanPosition } from "../../shared/plan.ts";
import type { Config } from "../config-schema.ts";
import type { Devices, PlotListener } from "../device/devices.ts";
import type { StoppedReport } from "../device/driver-messages.ts";
import { readJournal } from "../device/journal.ts";
import type { Machine } from "../device/machine.ts";
import type { Logger } from "../log.ts";
import type { JobBook } from "./job-book.ts";
import { JobFolder } from "./job-folder.ts";
import type { JobRecord } from "./job-record.ts";
import type { Odometer } from "./odometer.ts";

export interface RunnerOptions {
  readonly book: JobBook;
  readonly odometer: Odometer;
  readonly devices: Devices;
  readonly config: Config;
  readonly dataDir: string;
  readonly log: Logger;
}

/** Gives queued jobs to machines that are free and have fresh paper, and follows what becomes of them. */
export class Runner implements PlotListener {
  readonly #options: RunnerOptions;
  /** When each job that was begun at its start and not interrupted since was begun, ms. */
  readonly #begun = new Map<string, number>();
  #isStopping = false;
  #waitsForDisk = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Looks for a job for every machine that could take one. */
  dispatch(): void {
    if (this.#isStopping) return;
    const { devices } = this.#options;
    if (this.#waitsForDisk) return;
    const beginAll = () => {
      for (const machine of devices.all()) this.#beginOn(machine);
    };
    if (devices.disk.attempt(beginAll)) return;
    this.#waitsForDisk = true;
    devices.disk.insist(() => {
      beginAll();
      this.#waitsForDisk = false;
    });
  }

  #beginOn(machine: Machine): void {
    if (this.#isStopping || !machine.state.canDraw || machine.state.jobId !== null) return;
    const queued = this.#options.book.store.inStates("QUEUED");
    const job = queued.find((each) => this.#fits(each, machine));
    if (job) this.#begin(job, machine);
  }

  /** Goes on with a paused job at the point where it stopped. Throws when its machine is away or occupied. */
  resume(job: JobRecord): void {
    const { book, devices } = this.#options;
    const machine = devices.machine(job.device ?? "");
    this.#demandFree(machine, job);
    const running = book.transition(job.id, { type: "resumed", reason: "Resumed" });
    const at = "at" in running.state ? (running.state.at ?? PLAN_START) : PLAN_START;
    const wasCutOff = job.state.name === "PAUSED" && job.state.byFault;
    this.#plot(running, machine, at, { foundAt: wasCutOff ? machine.state.foundAt : null, resumed: true });
  }

  /** A job that is no longer anybody's frees its machine, which is parked. */
  release(job: JobRecord): void {
    const machine = this.#machineOf(job);
    if (!machine || machine.state.jobId !== job.id) return;
    machine.state.release();
    this.#options.devices.changed(machine);
    if (machine.state.canDraw) {
      machine
        .act({ type: "park" })
        .catch((error: Error) =>
          this.#options.log.warn({ device: machine.id }, `not parked: ${error.message}`),
        );
    }
    this.dispatch();
  }

  /** The machine that draws a running job. */
  machineDrawing(job: JobRecord): Machine | undefined {
    const machine = this.#machineOf(job);
    return machine?.task?.jobId === job.id ? machine : undefined;
  }

  /** Starts nothing more; every plot under way is paused at the next possible moment. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const { book, devices } = this.#options;
    const paused = devices.all().map((machine) => {
      if (!machine.task) return Promise.resolve();
      machine.pause("daemon stopped");
      const ended = ["PAUSED", "COMPLETED", "FAILED", "CANCELLED"] as const;
      return book.waitFor(machine.task.jobId, ended, 4000).then(
        () => undefined,
        (error: Error) => this.#options.log.error({ device: machine.id }, error.message),
      );
    });
    await Promise.all(paused);
  }

  connected(): void {
    this.dispatch();
  }

  freed(): void {
    this.dispatch();
  }

  lost(): void {
    // The driver has reported the job itself as stopped; a machine that comes back is told by `connected`.
  }

  report(machine: Machine, jobId: string, report: Parameters<PlotListener["report"]>[2]): void {
    const job = this.#options.book.store.get(jobId);
    if (job?.state.name !== "RUNNING" || machine.task?.jobId !== jobId) return;
    this.#options.book.report(job, report);
    const pen = job.plan?.layers[report.layer]?.pen ?? "";
    const { devices, odometer } = this.#options;
    devices.disk.attempt(() => machine.state.ink.add(odometer.note(jobId, pen, report)));
  }

  inked(_machine: Machine, jobId: string): void {
    this.#options.devices.disk.insist(() => {
      const job = this.#options.book.store.get(jobId);
      if (job && !job.inked) this.#options.book.update(jobId, { inked: true });
    });
  }

  stopped(machine: Machine, stopped: StoppedReport): void {
    this.#options.devices.disk.attempt(() => this.#options.odometer.save());
    this.#options.devices.disk.insist(() => this.#stopped(machine, stopped));
  }

  #stopped(machine: Machine, stopped: StoppedReport): void {
    const { book } = this.#options;
    const job = book.store.get(stopped.jobId);
    if (job?.state.name !== "RUNNING") return;
    switch (stopped.outcome) {
      case "completed":
        this.#complete(job, machine);
        break;
      case "cancelled":
        book.transition(job.id, { type: "cancelled", at: stopped.at, reason: stopped.reason });
        break;
      case "paused":
        this.#paused(job, machine, stopped);
        break;
      case "halted":
        book.transition(job.id, { type: "paused", at: stopped.at, byFault: true, reason: stopped.reason });
        break;
      case "failed":
        this.#fault(job, machine, stopped);
    }
    this.#options.devices.changed(machine);
    this.dispatch();
  }

  /** Tap: paper is ready, pause, or resume: whatever the moment asks for. */
  button(machine: Machine): void {
    const { book, devices } = this.#options;
    const job = machine.state.jobId === null ? undefined : book.store.get(machine.state.jobId);
    if (job?.state.name === "RUNNING") return machine.pause("Paused at the machine's button");
    if (job?.state.name === "PAUSED") return this.#resumeAtButton(job, machine);
    devices.setReady(machine, true);
    devices.changed(machine);
    this.dispatch();
  }

  /** There is nobody to return a refusal to: it becomes an alert. */
  #resumeAtButton(job: JobRecord, machine: Machine): void {
    try {
      this.resume(job);
    } catch (error) {
      const { message } = toPlottyError(error);
      this.#options.book.publisher.alert({
        level: "warning",
        message: `${job.id} was not resumed at the button: ${message}`,
        source: "device",
        jobId: job.id,
        deviceId: machine.id,
      });
    }
  }

  #fits(job: JobRecord, machine: Machine): boolean {
    const { config } = this.#options;
    if (job.hold || (job.device !== null && job.device !== machine.id)) return false;
    if (job.plan?.model !== machine.state.device.model) return false;
    const isUnfinished = job.state.name === "QUEUED" && job.state.at !== undefined;
    const hasPaper = machine.state.isReady || !machine.state.requiresReady || !config.queue.confirm_paper;
    return isUnfinished || hasPaper;
  }

  #begin(job: JobRecord, machine: Machine): void {
    const { book } = this.#options;
    const { publisher } = book;
    const at = job.state.name === "QUEUED" ? job.state.at : undefined;
    publisher.fleeting({
      type: "job_claimed",
      timestamp: publisher.now(),
      job_id: job.id,
      device_id: machine.id,
    });
    const running = book.transition(
      job.id,
      { type: "started", reason: "Job started by daemon" },
      { device: machine.id },
    );
    this.#plot(running, machine, at ?? PLAN_START, { foundAt: null, resumed: at !== undefined });
  }

  #plot(
    job: JobRecord,
    machine: Machine,
    from: PlanPosition,
    how: { foundAt: Point | null; resumed: boolean },
  ): void {
    const { book, config, dataDir, odometer } = this.#options;
    const folder = new JobFolder(dataDir, job.id);
    odometer.begin(job.id);
    // Until the driver's first word the job stands at `from`, whatever an earlier run has left.
    rmSync(folder.journalFile, { force: true });
    if (from === PLAN_START) this.#begun.set(job.id, book.publisher.clock.monotonicMs());
    else this.#begun.delete(job.id);
    machine.plot({
      jobId: job.id,
      planFile: folder.planFile,
      journalFile: folder.journalFile,
      from,
      junctionDeviationMm: config.planning.junction_deviation_mm,
      inkLeftMm: odometer.inkLeftMm(),
      tuning: machine.state.tuning,
      ...how,
    });
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

  /** A fault of the machine pauses the job, so that it can go on; a plan that cannot be read fails it. */
  #fault(job: JobRecord, machine: Machine, stopped: StoppedReport): void {
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
    if (!isMachine) this.release(book.get(job.id));
  }

  #machineOf(job: JobRecord): Machine | undefined {
    return this.#options.devices.all().find((machine) => machine.id === job.device);
  }

  #demandFree(machine: Machine, job: JobRecord): void {
    const { state } = machine;
    const facts = { device: machine.id, job: job.id };
    if (!state.isConnected) {
      const why = state.reason ?? "it is away";
      throw new PlottyError(
        "device.unavailable",
        `${machine.id} is not connected (${why}): resume again when it is`,
        facts,
      );
    }
    if (state.isFaulty || state.inMaintenance) {
      const why = state.reason ?? "it is in maintenance";
      throw new PlottyError("device.unavailable", `${machine.id} cannot draw: ${why}`, facts);
    }
    if (state.isPositionLost) {
      throw new PlottyError(
        "device.position-unknown",
        `${machine.id} does not know where it is: switch its motors off, push the carriage to the origin, then plotty device home`,
        facts,
      );
    }
    if (state.isDrawing || (state.jobId !== null && state.jobId !== job.id)) {
      throw new PlottyError(
        "device.busy",
        `${machine.id} is taken by ${state.jobId}: wait for it or cancel it`,
        facts,
      );
    }
  }
}
