import { readFile } from "node:fs/promises";
import { type Clock, sleep, systemClock } from "../../shared/clock.ts";
import { PlottyError, toPlottyError } from "../../shared/errors.ts";
import type { Point } from "../../shared/geometry.ts";
import { decodePlan } from "../motion/plan-codec.ts";
import { act } from "./act.ts";
import type { DriverSetup, FromDriver, PlotTask, ToDriver } from "./driver-messages.ts";
import { createEbbPlotter } from "./ebb/ebb-plotter.ts";
import { PositionJournal } from "./journal.ts";
import { locateOnPlan } from "./locate.ts";
import { machineModel } from "./models.ts";
import { openLink } from "./open-link.ts";
import { type PlotControl, PlotStream } from "./plot-stream.ts";
import type { Plotter } from "./plotter.ts";
import { ProgressMeter } from "./progress.ts";

const LOOK_AGAIN_MS = 1000;
const HALT_LIFT_S = 0.24;
const IDLE_POLL_MS = 400;
/** Real time between two questions for the step counters while a job is drawn. */
const REPORT_EVERY_MS = 100;

/** Owns one machine: finds it, takes it in, draws with it, notices when it is gone, and looks for it again. */
export class Driver {
  readonly #setup: DriverSetup;
  readonly #clock: Clock;
  readonly #send: (message: FromDriver) => void;
  readonly #closing = new AbortController();
  readonly #control: PlotControl = { request: null };
  #plotter: Plotter | null = null;
  #penUp = true;
  #busy: Promise<void> | null = null;
  #ending: "park" | "stay" = "stay";
  #lastProblem = "";

  constructor(setup: DriverSetup, clock: Clock, send: (message: FromDriver) => void) {
    this.#setup = setup;
    this.#clock = clock;
    this.#send = send;
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
      case "act":
        void this.#act(message.id, message.action);
        break;
    }
  }

  /** Does what a pause does to a plot under way, then ends: parked, or where it stands when nobody is left to ask. */
  async stop(ending: "park" | "stay"): Promise<void> {
    this.#ending = ending;
    this.#control.request ??= { type: "pause", reason: "daemon stopped" };
    await this.#busy;
    this.#closing.abort(new Error("the driver is stopping"));
  }

  async #takeIn(): Promise<void> {
    const { device, pen } = this.#setup;
    const signal = this.#closing.signal;
    const link = await openLink(device, this.#clock, signal);
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
    const power = await plotter.motorPower();
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
      else if (await plotter.buttonPressed()) this.#send({ type: "button" });
      if (this.#plotter !== plotter) return;
      await this.#pause(IDLE_POLL_MS);
    }
  }

  #begin(work: () => Promise<void>, task: PlotTask): void {
    const control = this.#control;
    if (this.#busy || !this.#plotter) {
      const error = new PlottyError("device.unavailable", `${this.#setup.device.id} cannot draw just now`);
      this.#sendFailed(task, error, task.from);
      return;
    }
    if (control.request?.reason !== "daemon stopped") control.request = null;
    this.#busy = work().finally(() => {
      this.#busy = null;
    });
  }

  async #plot(task: PlotTask): Promise<void> {
    const plotter = this.#plotter!;
    let stream: PlotStream | null = null;
    let journal: PositionJournal | null = null;
    try {
      const plan = decodePlan(await readFile(task.planFile));
      const from = task.isEstimate ? locateOnPlan(plan, task.from, plotter.queuedPosition) : task.from;
      journal = new PositionJournal(task.journalFile);
      stream = new PlotStream({
        plan,
        plotter,
        control: this.#control,
        from,
        resumed: task.resumed,
        inkLeftMm: task.inkLeftMm,
        junctionDeviationMm: task.junctionDeviationMm,
        onPenDown: () => this.#onPenDown(task.jobId),
      });
      const meter = new ProgressMeter(plan);
      const done = new AbortController();
      const reporting = this.#report(task.jobId, stream, meter, journal, done.signal);
      const end = await stream.run().finally(() => done.abort());
      await reporting;
      journal.write(end.at);
      this.#send({ type: "report", jobId: task.jobId, report: meter.report(end.at) });
      this.#penUp = true;
      this.#tellWhereabouts(plotter.queuedPosition);
      this.#send({ type: "stopped", stopped: { jobId: task.jobId, ...end } });
    } catch (error) {
      const isMachine = toPlottyError(error).code.startsWith("device.");
      if (isMachine) this.#tellAway(error);
      this.#sendFailed(task, error, stream?.tracker.position ?? task.from);
      if (isMachine) await this.#letGo();
    } finally {
      journal?.close();
    }
  }

  #onPenDown(jobId: string): void {
    this.#penUp = false;
    this.#send({ type: "inked", jobId });
  }

  /** Asks the board where it is, keeps the answer on disk, and tells the daemon. */
  async #report(
    jobId: string,
    stream: PlotStream,
    meter: ProgressMeter,
    journal: PositionJournal,
    done: AbortSignal,
  ) {
    const plotter = this.#plotter!;
    try {
      while (!done.aborted) {
        const sentBefore = stream.tracker.mark();
        const place = await plotter.executedPosition();
        if (done.aborted) return;
        const at = stream.tracker.executed(place, sentBefore);
        journal.write(at);
        this.#penUp = (at.move & 3) !== 2;
        this.#send({ type: "report", jobId, report: meter.report(at) });
        this.#tellWhereabouts(place);
        await sleep(systemClock, REPORT_EVERY_MS, done);
      }
    } catch (error) {
      // The stream meets the same fault and tells it; an aborted sleep is the end of the plot.
      if (!done.aborted && !(error instanceof PlottyError)) throw error;
    }
  }

  /** Stops the motors at once, whatever is under way; then the pen comes up. */
  #halt(): void {
    const plotter = this.#plotter;
    if (!plotter) return;
    const done = plotter.emergencyStop().then(() => plotter.raisePen(HALT_LIFT_S));
    const reason = "stopped by hand: the position is unknown until it is homed";
    this.#control.request = { type: "halt", reason, done };
    done.catch((error: unknown) => this.#tellAway(error));
  }

  async #act(id: number, action: Extract<ToDriver, { type: "act" }>["action"]): Promise<void> {
    const { device } = this.#setup;
    try {
      if (!this.#plotter) throw new PlottyError("device.unavailable", `${device.id} is not connected`);
      if (this.#busy)
        throw new PlottyError("device.busy", `${device.id} is busy: pause or wait for its job first`);
      const plotter = this.#plotter;
      const doing = act(plotter, action, machineModel(device.model), this.#penUp, this.#closing.signal);
      this.#busy = doing.then(
        (penUp) => {
          this.#penUp = penUp;
          this.#busy = null;
        },
        () => {
          this.#busy = null;
        },
      );
      await doing;
      this.#tellWhereabouts(plotter.queuedPosition);
      this.#send({ type: "acted", id });
    } catch (error) {
      this.#send({ type: "acted", id, error: toPlottyError(error).toBody() });
    }
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
        await act(plotter, { type: "park" }, machineModel(this.#setup.device.model), this.#penUp, fresh);
        this.#send({
          type: "whereabouts",
          where: { position: plotter.queuedPosition, penUp: true },
          starvations: 0,
        });
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
