import type { Clock } from "../../shared/clock.ts";
import { PlottyError, toPlottyError } from "../../shared/errors.ts";
import type { Point } from "../../shared/geometry.ts";
import { act } from "./act.ts";
import type { DriverAction, DriverSetup, FromDriver, PlotTask } from "./driver-messages.ts";
import { machineModel } from "./models.ts";
import { type PenTuning, tunedPen } from "./pen-tuning.ts";
import { haltedFor, type PlotControl } from "./plot-control.ts";
import { PlotRun } from "./plot-run.ts";
import type { Plotter } from "./plotter.ts";
import type { PowerWatch } from "./power-watch.ts";

const HALT_LIFT_S = 0.24;
export const DAEMON_STOPPED = "daemon stopped";

export interface MachineWorkOptions {
  readonly setup: DriverSetup;
  readonly plotter: Plotter;
  readonly power: PowerWatch;
  readonly clock: Clock;
  readonly control: PlotControl;
  readonly closing: AbortSignal;
  readonly send: (message: FromDriver) => void;
  /** The machine is of no more use; told before, and let go after the job that was under way has been told as stopped. */
  readonly onAway: (thrown: unknown) => void;
  readonly letGo: () => Promise<void>;
}

/** What is done with a machine that has been taken in, one thing at a time; a halt waits for nothing. */
export class MachineWork {
  readonly #options: MachineWorkOptions;
  #busy: Promise<void> | null = null;
  #penUp = true;

  constructor(options: MachineWorkOptions) {
    this.#options = options;
  }

  /** What is under way; never rejects. */
  get busy(): Promise<void> | null {
    return this.#busy;
  }

  get plotter(): Plotter {
    return this.#options.plotter;
  }

  plot(task: PlotTask): void {
    if (this.#busy) return sendFailed(this.#options, task, notNow(this.#options.setup), task.from);
    this.#forgetRequest();
    this.#options.control.tuning = task.tuning;
    this.#begin(this.#plot(task));
  }

  /** Stops the motors at once, whatever is under way; then the pen comes up. */
  halt(error?: PlottyError): void {
    const { plotter, control, onAway } = this.#options;
    const done = plotter.emergencyStop().then(() => plotter.raisePen(HALT_LIFT_S));
    const reason = error?.message ?? "stopped by hand: the position is unknown until it is homed";
    control.request = { type: "halt", reason, done, ...(error && { error }) };
    done.catch((thrown) => onAway(error ?? thrown));
  }

  /** A plot under way takes it at its next stroke; otherwise the pen goes to its new height at once. */
  tune(tuning: PenTuning): void {
    const { control, plotter, setup, onAway } = this.#options;
    control.tuning = tuning;
    if (this.#busy) return;
    const pen = tunedPen(setup.pen, tuning, machineModel(setup.device.model));
    this.#begin(plotter.usePen(pen).catch(onAway));
  }

  /** Rejects when it cannot be done. */
  async act(action: DriverAction): Promise<void> {
    const { device } = this.#options.setup;
    if (this.#busy)
      throw new PlottyError("device.busy", `${device.id} is busy: pause or wait for its job first`);
    this.#forgetRequest();
    const doing = this.#act(action, this.#options.closing);
    this.#begin(doing.catch(() => undefined)); // told to whoever asked
    await doing;
    this.#tellWhereabouts(this.plotter.queuedPosition);
  }

  /** The way home of a machine that is being left; nothing ends it before its time but the signal. */
  async park(signal: AbortSignal): Promise<void> {
    await this.#act({ type: "park" }, signal);
    this.#tellWhereabouts(this.plotter.queuedPosition);
  }

  #begin(work: Promise<void>): void {
    this.#busy = work.finally(() => {
      this.#busy = null;
    });
  }

  async #act(action: DriverAction, signal: AbortSignal): Promise<void> {
    const { plotter, setup, control } = this.#options;
    const asked = () => (signal === this.#options.closing ? control.request : null);
    const hands = { plotter, model: machineModel(setup.device.model), penUp: this.#penUp, asked };
    this.#penUp = await act(hands, action, signal);
  }

  async #plot(task: PlotTask): Promise<void> {
    const { plotter, send, onAway, letGo } = this.#options;
    const run = this.#newRun(task);
    try {
      const stopped = await run.run();
      this.#penUp = true;
      this.#tellWhereabouts(plotter.queuedPosition);
      send({ type: "stopped", stopped });
    } catch (thrown) {
      const error = haltedFor(this.#options.control) ?? thrown;
      const isMachine = toPlottyError(error).code.startsWith("device.");
      if (isMachine) onAway(error);
      sendFailed(this.#options, task, error, run.at);
      if (isMachine) await letGo();
    }
  }

  #newRun(task: PlotTask): PlotRun {
    const { setup, plotter, control, power, clock, send } = this.#options;
    return new PlotRun({
      ...{ task, plotter, model: machineModel(setup.device.model), control, power, clock, send },
      onPlace: (place, penUp) => {
        this.#penUp = penUp;
        this.#tellWhereabouts(place);
      },
      onPowerLost: () => this.#powerLost(),
      onPowerBack: () => send({ type: "power", powered: true }),
      onCountLost: () => this.#countLost(),
    });
  }

  #powerLost(): void {
    const { id } = this.#options.setup.device;
    this.#options.send({ type: "power", powered: false });
    this.halt(
      new PlottyError(
        "device.no-motor-power",
        `the motors of ${id} lost their power: switch the supply on again, push the carriage to the origin, then plotty device home`,
        { device: id },
      ),
    );
  }

  #countLost(): void {
    const { setup, control } = this.#options;
    if (control.request?.type !== "halt") this.halt(countLost(setup.device.id));
  }

  /** What was asked of a former plot or move is no wish for the next; the end of the daemon is. */
  #forgetRequest(): void {
    const { control } = this.#options;
    if (control.request?.reason !== DAEMON_STOPPED) control.request = null;
  }

  #tellWhereabouts(position: Point): void {
    const where = { position, penUp: this.#penUp };
    this.#options.send({ type: "whereabouts", where, starvations: this.plotter.starvations });
  }
}

export function countLost(id: string): PlottyError {
  return new PlottyError(
    "device.position-unknown",
    `the board of ${id} has lost count of its steps (it was reset, or its power failed): switch its motors off, push the carriage to the origin, then plotty device home`,
    { device: id },
  );
}

export function notNow({ device }: DriverSetup): PlottyError {
  return new PlottyError("device.unavailable", `${device.id} cannot draw just now`);
}

export function sendFailed(
  { send }: Pick<MachineWorkOptions, "send">,
  task: PlotTask,
  thrown: unknown,
  at: PlotTask["from"],
): void {
  const error = toPlottyError(thrown).toBody();
  const { jobId } = task;
  send({ type: "stopped", stopped: { jobId, outcome: "failed", at, reason: error.message, error } });
}
