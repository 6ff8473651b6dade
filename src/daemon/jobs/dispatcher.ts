import type { Config } from "../config-schema.ts";
import type { Devices } from "../device/devices.ts";
import type { Machine } from "../device/machine.ts";
import type { JobBook } from "./job-book.ts";
import type { JobRecord } from "./job-record.ts";
import { couldFit, fits } from "./machine-choice.ts";

export interface DispatcherOptions {
  readonly book: JobBook;
  readonly devices: Devices;
  readonly config: Config;
  /** Draws a queued job on a machine that is free. */
  readonly begin: (job: JobRecord, machine: Machine) => void;
  /** Plans a queued job anew, for a machine of another model. */
  readonly planFor: (job: JobRecord, machine: Machine) => void;
}

/** Looks for a job for every machine that is free: the first of the queue that fits it. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  /** The job that is being planned for each machine. */
  readonly #planned = new Map<string, string>();
  #isStopping = false;
  #waitsForDisk = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Nothing is begun any more. */
  stop(): void {
    this.#isStopping = true;
  }

  look(): void {
    if (this.#isStopping || this.#waitsForDisk) return;
    const { disk } = this.#options.devices;
    if (disk.attempt(() => this.#lookOnce())) return;
    this.#waitsForDisk = true;
    disk.insist(() => {
      this.#lookOnce();
      this.#waitsForDisk = false;
    });
  }

  #lookOnce(): void {
    for (const machine of this.#free()) this.#beginOn(machine);
    // What is left to do was planned for a model that is not free.
    for (const machine of this.#free()) this.#planOn(machine);
  }

  #free(): Machine[] {
    if (this.#isStopping) return [];
    const { devices } = this.#options;
    return devices
      .all()
      .filter((machine) => machine.state.canDraw && !machine.isMoving && machine.state.jobId === null);
  }

  #beginOn(machine: Machine): void {
    const { book, config, begin } = this.#options;
    const job = book.store.inStates("QUEUED").find((each) => fits(each, machine, config));
    if (job) begin(job, machine);
  }

  #planOn(machine: Machine): void {
    const { book, config, devices, planFor } = this.#options;
    const earlier = this.#planned.get(machine.id);
    if (earlier !== undefined && book.store.get(earlier)?.state.name === "PLANNING") return;
    const models = new Set(devices.all().map(({ state }) => state.device.model));
    const job = book.store.inStates("QUEUED").find((each) => couldFit(each, machine, config, models));
    if (!job) return;
    this.#planned.set(machine.id, job.id);
    planFor(job, machine);
  }
}
