import { type Clock, sleep, systemClock } from "../../shared/clock.ts";
import { PlottyError, toPlottyError } from "../../shared/errors.ts";
import type { Point } from "../../shared/geometry.ts";
import { act, type Hands } from "./act.ts";
import type { DriverSetup, FromDriver, PlotTask, ToDriver } from "./driver-messages.ts";
import { createEbbPlotter } from "./ebb/ebb-plotter.ts";
import { machineModel } from "./models.ts";
import { openLink } from "./open-link.ts";
import { tunedPen } from "./pen-tuning.ts";
import type { PlotControl, PlotRequest } from "./plot-control.ts";
import { PlotRun } from "./plot-run.ts";
import type { Plotter } from "./plotter.ts";
import { PowerWatch } from "./power-watch.ts";

const LOOK_AGAIN_MS = 1000;
const HALT_LIFT_S = 0.24;
const IDLE_POLL_MS = 400;

const DAEMON_STOPPED = "daemon stopped";

/** Owns one machine: finds it, takes it in, draws with it, notices when it is gone, and looks for it again. */
export class Driver {
  readonly #setup: DriverSetup;
  readonly #clock: Clock;
  readonly #send: (message: FromDriver) => void;
  readonly #closing = new AbortController();
  readonly #control: PlotControl = { request: null, tuning: {} };
  #plotter: Plotter | null = null;
  #penUp = true;
  #busy: Promise<void> | null = null;
  #ending: "park" | "stay" = "stay";
  #lastProblem = "";
  #power = new PowerWatch(true);
  /** The nickname of the board, once it has been met. */
  #knownAs: string | null;

  constructor(setup: DriverSetup, clock: Clock, send: (message: FromDriver) => void) {
    this.#setup = setup;
    this.#clock = clock;
    this.#send = send;
    this.#knownAs = setup.knownAs;
  }

  /** Resolves when the driver has been stopped and the pen is up. */
  async run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        await this.#takeIn();
        await this.#serve();
      } catch (error) {
        this.#tellAway(error);
      }
      await this.#letGo();
      if (!this.#closing.signal.aborted) await this.#pause(LOOK_AGAIN_MS);
    }
  }

  receive(message: ToDriver): void {
    switch (message.type) {
      case "plot":
        this.#begin(() => this.#plot(message.task), message.task);
        break;
      case "pause":
      case "cancel":
        this.#control.request = { type: message.type, reason: message.reason };
        break;
      case "stop":
        this.#halt();
        break;
      case "tune":
        void this.#tune(message.tuning);
        break;
      case "act":
        void this.#act(message.id, message.action);
        break;
    }
  }

  /** Does what a pause does to a plot under way, then ends: parked, or where it stands when nobody is left to ask. */
  async stop(ending: "park" | "stay"): Promise<void> {
    this.#ending = ending;
    this.#control.request ??= { type: "pause", reason: DAEMON_STOPPED };
    await this.#busy;
    this.#closing.abort(new Error("the driver is stopping"));
  }

  async #takeIn(): Promise<void> {
    const { device, pen, othersPorts } = this.#setup;
    const signal = this.#closing.signal;
    const wanted = { port: device.port, knownAs: this.#knownAs, othersPorts };
    const link = await openLink(device, wanted, this.#clock, signal);
    const speed = device.driver === "virtual" ? device.speed : 1;
    const plotter = createEbbPlotter({
      link,
      model: machineModel(device.model),
      clock: this.#clock,
      pen,
      speed,
    });
    this.#plotter = plotter;
    const info = await plotter.open(signal);
    this.#knownAs = info.nickname ?? this.#knownAs;
    const power = await plotter.motorPower();
    this.#power = new PowerWatch(power.powered);
    await plotter.buttonPressed(); // an old press is nobody's wish any longer
    this.#penUp = true;
    this.#lastProblem = "";
    this.#send({
      type: "connected",
      info: { ...info, motorCurrentA: power.currentA, motorPower: power.powered },
      where: { position: await plotter.executedPosition(), penUp: true },
    });
  }

  /** Watches the machine while it is idle; a fault anywhere ends the service. */
  async #serve(): Promise<void> {
    const plotter = this.#plotter!;
    while (!this.#closing.signal.aborted) {
      if (this.#busy) await this.#busy;
      else await this.#look(plotter);
      if (this.#plotter !== plotter) return;
      await this.#pause(IDLE_POLL_MS);
    }
  }

  async #look(plotter: Plotter): Promise<void> {
    const [power, pressed] = await Promise.all([plotter.motorPower(), plotter.buttonPressed()]);
    const change = this.#power.read(power.powered, this.#clock.monotonicMs());
    if (change) this.#send({ type: "power", powered: change === "back" });
    if (pressed) this.#send({ type: "button" });
  }

  #begin(work: () => Promise<void>, task: PlotTask): void {
    const control = this.#control;
    if (this.#busy || !this.#plotter) {
      const error = new PlottyError("device.unavailable", `${this.#setup.device.id} cannot draw just now`);
      this.#sendFailed(task, error, task.from);
      return;
    }
    this.#forgetRequest();
    control.tuning = task.tuning;
    this.#busy = work().finally(() => {
      this.#busy = null;
    });
  }

  async #plot(task: PlotTask): Promise<void> {
    const plotter = this.#plotter!;
    const run = this.#newRun(task, plotter);
    try {
      const stopped = await run.run();
      this.#penUp = true;
      this.#tellWhereabouts(plotter.queuedPosition);
      this.#send({ type: "stopped", stopped });
    } catch (error) {
      const isMachine = toPlottyError(error).code.startsWith("device.");
      if (isMachine) this.#tellAway(error);
      this.#sendFailed(task, error, run.at);
      if (isMachine) await this.#letGo();
    }
  }

  #newRun(task: PlotTask, plotter: Plotter): PlotRun {
    return new PlotRun({
      ...{ task, plotter, model: machineModel(this.#setup.device.model) },
      ...{ control: this.#control, power: this.#power, clock: this.#clock, send: this.#send },
      onPlace: (place, penUp) => {
        this.#penUp = penUp;
        this.#tellWhereabouts(place);
      },
      onPowerLost: () => this.#halt(this.#powerLost()),
    });
  }

  #powerLost(): PlottyError {
    this.#send({ type: "power", powered: false });
    const { id } = this.#setup.device;
    return new PlottyError(
      "device.no-motor-power",
      `the motors of ${id} lost their power: switch the supply on again, push the carriage to the origin, then plotty device home`,
      { device: id },
    );
  }

  /** Stops the motors at once, whatever is under way; then the pen comes up. */
  #halt(error?: PlottyError): void {
    const plotter = this.#plotter;
    if (!plotter) return;
    const done = plotter.emergencyStop().then(() => plotter.raisePen(HALT_LIFT_S));
    const reason = error?.message ?? "stopped by hand: the position is unknown until it is homed";
    this.#control.request = { type: "halt", reason, done, ...(error && { error }) };
    done.catch((thrown: unknown) => this.#tellAway(thrown));
  }

  /** What was asked of a former plot or move is no wish for the next; the end of the daemon is. */
  #forgetRequest(): void {
    if (this.#control.request?.reason !== DAEMON_STOPPED) this.#control.request = null;
  }

  /** A plot under way takes it at its next stroke; otherwise the pen goes to its new height at once. */
  async #tune(tuning: PlotControl["tuning"]): Promise<void> {
    this.#control.tuning = tuning;
    const plotter = this.#plotter;
    if (this.#busy || !plotter) return;
    const { device, pen } = this.#setup;
    this.#busy = plotter.usePen(tunedPen(pen, tuning, machineModel(device.model))).then(
      () => this.#free(),
      (error: unknown) => {
        this.#free();
        this.#tellAway(error);
      },
    );
  }

  #free(): void {
    this.#busy = null;
  }

  async #act(id: number, action: Extract<ToDriver, { type: "act" }>["action"]): Promise<void> {
    const { device } = this.#setup;
    try {
      if (!this.#plotter) throw new PlottyError("device.unavailable", `${device.id} is not connected`);
      if (this.#busy)
        throw new PlottyError("device.busy", `${device.id} is busy: pause or wait for its job first`);
      const plotter = this.#plotter;
      this.#forgetRequest();
      const doing = act(
        this.#hands(plotter, () => this.#control.request),
        action,
        this.#closing.signal,
      );
      this.#busy = doing.then(
        (penUp) => {
          this.#penUp = penUp;
          this.#free();
        },
        () => this.#free(),
      );
      await doing;
      this.#tellWhereabouts(plotter.queuedPosition);
      this.#send({ type: "acted", id });
    } catch (error) {
      this.#send({ type: "acted", id, error: toPlottyError(error).toBody() });
    }
  }

  #hands(plotter: Plotter, asked: () => PlotRequest | null): Hands {
    return { plotter, model: machineModel(this.#setup.device.model), penUp: this.#penUp, asked };
  }

  #tellWhereabouts(position: Point): void {
    const where = { position, penUp: this.#penUp };
    this.#send({ type: "whereabouts", where, starvations: this.#plotter?.starvations ?? 0 });
  }

  #sendFailed(task: PlotTask, thrown: unknown, at: PlotTask["from"]): void {
    const error = toPlottyError(thrown).toBody();
    this.#send({
      type: "stopped",
      stopped: { jobId: task.jobId, outcome: "failed", at, reason: error.message, error },
    });
  }

  #tellAway(thrown: unknown): void {
    if (this.#closing.signal.aborted) return;
    const error = toPlottyError(thrown).toBody();
    const problem = `${error.code} ${error.message}`;
    if (problem === this.#lastProblem) return;
    this.#lastProblem = problem;
    this.#send({ type: "away", error });
  }

  async #letGo(): Promise<void> {
    const plotter = this.#plotter;
    this.#plotter = null;
    if (!plotter) return;
    try {
      const isLeaving = this.#closing.signal.aborted && this.#ending === "park";
      const fresh = AbortSignal.timeout(3000);
      if (isLeaving) {
        await act(
          this.#hands(plotter, () => null),
          { type: "park" },
          fresh,
        );
        const where = { position: plotter.queuedPosition, penUp: true };
        this.#send({ type: "whereabouts", where, starvations: plotter.starvations });
      }
    } catch (error) {
      this.#tellAway(error);
    } finally {
      await plotter.close();
    }
  }

  async #pause(delayMs: number): Promise<void> {
    await sleep(systemClock, delayMs, this.#closing.signal).catch(() => undefined);
  }
}
