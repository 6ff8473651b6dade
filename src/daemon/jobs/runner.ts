import { rmSync } from "node:fs";
import { toPlottyError } from "../../shared/errors.ts";
import type { Point } from "../../shared/geometry.ts";
import { PLAN_START, type PlanPosition } from "../../shared/plan.ts";
import type { Config } from "../config-schema.ts";
import type { Devices, PlotListener } from "../device/devices.ts";
import type { StoppedReport } from "../device/driver-messages.ts";
import type { Machine } from "../device/machine.ts";
import type { Logger } from "../log.ts";
import { Dispatcher, type DispatcherOptions } from "./dispatcher.ts";
import type { JobBook } from "./job-book.ts";
import { JobFolder } from "./job-folder.ts";
import type { JobRecord } from "./job-record.ts";
import { demandFree } from "./machine-choice.ts";
import type { Odometer } from "./odometer.ts";
import { Outcomes } from "./outcomes.ts";

export interface RunnerOptions {
  readonly book: JobBook;
  readonly odometer: Odometer;
  readonly devices: Devices;
  readonly config: Config;
  readonly dataDir: string;
  readonly log: Logger;
  readonly planFor: DispatcherOptions["planFor"];
}

/** Gives queued jobs to machines that are free and have fresh paper, and follows what becomes of them. */
export class Runner implements PlotListener {
  readonly #options: RunnerOptions;
  readonly #outcomes: Outcomes;
  readonly #dispatcher: Dispatcher;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#outcomes = new Outcomes(options);
    const begin = (job: JobRecord, machine: Machine) => this.#begin(job, machine);
    this.#dispatcher = new Dispatcher({ ...options, begin });
  }

  /** Looks for a job for every machine that could take one. */
  dispatch(): void {
    this.#dispatcher.look();
  }

  /** Goes on with a paused job at the point where it stopped. Throws when its machine is away or occupied. */
  resume(job: JobRecord): void {
    const { book, devices } = this.#options;
    const machine = devices.machine(job.device ?? "");
    demandFree(machine, job);
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
        )
        .finally(() => this.dispatch());
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
    this.#dispatcher.stop();
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
    const job = this.#options.book.store.get(stopped.jobId);
    if (job?.state.name !== "RUNNING") return;
    const { isOver } = this.#outcomes.settle(job, machine, stopped);
    if (isOver) this.release(this.#options.book.get(job.id));
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
    const { config, dataDir, odometer } = this.#options;
    const folder = new JobFolder(dataDir, job.id);
    odometer.begin(job.id);
    // Until the driver's first word the job stands at `from`, whatever an earlier run has left.
    rmSync(folder.journalFile, { force: true });
    this.#outcomes.begun(job.id, from === PLAN_START);
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

  #machineOf(job: JobRecord): Machine | undefined {
    return this.#options.devices.all().find((machine) => machine.id === job.device);
  }
}
