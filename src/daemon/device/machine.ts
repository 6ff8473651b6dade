import { type ChildProcess, fork } from "node:child_process";
import { type ErrorBody, errorFromBody, PlottyError } from "../../shared/errors.ts";
import type { PenSettings } from "../../shared/plot-settings.ts";
import type { DeviceConfig } from "../config-schema.ts";
import { entryPoint } from "../entry-point.ts";
import type {
  DriverAction,
  FromDriver,
  JobReport,
  PlotTask,
  StoppedReport,
  ToDriver,
} from "./driver-messages.ts";
import { MachineState } from "./machine-state.ts";
import type { PenTuning } from "./pen-tuning.ts";

/** What a machine tells the daemon; everything else is read from its `state`. */
export interface MachineListener {
  /** Something that `device_status` shows has changed. */
  changed(machine: Machine): void;
  connected(machine: Machine): void;
  /** The machine is gone or unusable, or still is for another reason than before. */
  lost(machine: Machine, error: ErrorBody, wasConnected: boolean): void;
  report(machine: Machine, jobId: string, report: JobReport): void;
  inked(machine: Machine, jobId: string): void;
  stopped(machine: Machine, stopped: StoppedReport): void;
  /** The supply of its motors came or went. */
  powered(machine: Machine, isPowered: boolean): void;
  /** A plot goes on, but something beside the machine fails. */
  trouble(machine: Machine, jobId: string, error: ErrorBody): void;
  button(machine: Machine): void;
}

interface Asked {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const RESTART_MS = 500;
const CLOSE_MS = 4500;

/** The daemon's side of one plotter: starts its driver process, and starts it anew when it dies. */
export class Machine {
  readonly state: MachineState;
  readonly #pen: PenSettings;
  readonly #othersPorts: () => readonly string[];
  readonly #listener: MachineListener;
  readonly #asked = new Map<number, Asked>();
  #child: ChildProcess | null = null;
  #task: PlotTask | null = null;
  #nextId = 1;
  #isClosing = false;
  #restart: NodeJS.Timeout | undefined;

  /** @param othersPorts ports that other machines have for their own */
  constructor(
    device: DeviceConfig,
    pen: PenSettings,
    othersPorts: () => readonly string[],
    listener: MachineListener,
  ) {
    this.state = new MachineState(device);
    this.#pen = pen;
    this.#othersPorts = othersPorts;
    this.#listener = listener;
  }

  get id(): string {
    return this.state.device.id;
  }

  /** The driver process, for those who watch processes. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** It is being parked, homed or moved by hand: no plot begins until that is done. */
  get isMoving(): boolean {
    return this.#asked.size > 0;
  }

  get task(): PlotTask | null {
    return this.#task;
  }

  start(): void {
    const child = fork(entryPoint("driver-process"), [], {
      execArgv: ["--enable-source-maps"],
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child = child;
    child.on("message", (message: FromDriver) => this.#receive(message));
    child.on("error", () => undefined); // an exit always follows, and is what counts
    child.once("exit", (code, signal) => this.#died(child, signal ?? `exit code ${code}`));
    const { device, info } = this.state;
    const setup = {
      device,
      pen: this.#pen,
      knownAs: info?.nickname ?? null,
      othersPorts: this.#othersPorts(),
    };
    this.#tell({ type: "setup", setup });
  }

  plot(task: PlotTask): void {
    this.#task = task;
    this.state.begin(task.jobId);
    this.#listener.changed(this);
    this.#tell({ type: "plot", task });
  }

  pause(reason: string): void {
    this.#tell({ type: "pause", reason });
  }

  cancel(reason: string): void {
    this.#tell({ type: "cancel", reason });
  }

  /** Changes speed, heights or delay from the next stroke on. */
  tune(tuning: PenTuning): void {
    this.state.tune(tuning);
    this.#tell({ type: "tune", tuning: this.state.tuning });
  }

  /** Halts the motors now. */
  stop(): void {
    this.#tell({ type: "stop" });
    this.state.positionLost();
    this.#listener.changed(this);
  }

  /** Rejects with what the driver answers, or `device.unavailable` when it is gone before it answers. */
  act(action: DriverAction): Promise<void> {
    if (!this.state.isConnected) {
      return Promise.reject(
        new PlottyError(
          "device.unavailable",
          `${this.id} is not connected: ${this.state.reason ?? "it is away"}`,
        ),
      );
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#tell({ type: "act", id, action });
    });
  }

  /** Brakes, raises the pen, parks, and ends the driver process. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    this.#tell({ type: "close", park: !this.state.isPositionLost });
    const timer = setTimeout(() => child.kill("SIGKILL"), CLOSE_MS);
    await ended;
    clearTimeout(timer);
  }

  #tell(message: ToDriver): void {
    if (this.#child?.connected) this.#child.send(message, () => undefined); // a dead channel ends in `exit`
  }

  #receive(message: FromDriver): void {
    const { state } = this;
    switch (message.type) {
      case "alive":
        return;
      case "connected":
        state.connected(message.info, message.where);
        this.#listener.connected(this);
        break;
      case "away": {
        const wasConnected = state.isConnected;
        state.away(message.error);
        this.#listener.lost(this, message.error, wasConnected);
        break;
      }
      case "whereabouts":
        state.moved(message.where, message.starvations);
        break;
      case "report":
        return this.#listener.report(this, message.jobId, message.report);
      case "inked":
        return this.#listener.inked(this, message.jobId);
      case "stopped":
        this.#task = null;
        state.ended(message.stopped);
        this.#listener.stopped(this, message.stopped);
        break;
      case "button":
        return this.#listener.button(this);
      case "power":
        state.powered(message.powered);
        this.#listener.powered(this, message.powered);
        break;
      case "trouble":
        return this.#listener.trouble(this, message.jobId, message.error);
      case "acted":
        return this.#answer(message.id, message.error);
      case "load":
        state.load = { cpuPercent: message.cpuPercent, memoryMb: message.memoryMb };
        return;
    }
    this.#listener.changed(this);
  }

  #answer(id: number, error?: ErrorBody): void {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (error) asked?.reject(errorFromBody(error));
    else asked?.resolve();
  }

  #died(child: ChildProcess, how: string): void {
    if (child !== this.#child) return;
    this.#child = null;
    const error = new PlottyError(
      "device.driver-died",
      `the driver process of ${this.id} ended (${how})`,
    ).toBody();
    for (const id of [...this.#asked.keys()]) this.#answer(id, error);
    const task = this.#task;
    this.#task = null;
    const wasConnected = this.state.isConnected;
    this.state.away(error);
    if (this.#isClosing) return;
    if (task) {
      const reason = `${error.message}; plotty resume ${task.jobId} goes on where it stopped`;
      this.#listener.stopped(this, { jobId: task.jobId, outcome: "failed", at: task.from, reason, error });
    }
    this.#listener.lost(this, error, wasConnected);
    this.#listener.changed(this);
    this.#restart = setTimeout(() => this.start(), RESTART_MS);
  }
}
