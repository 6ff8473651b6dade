import { type Clock, sleep, systemClock } from "../../shared/clock.ts";
import { PlottyError, toPlottyError } from "../../shared/errors.ts";
import type { DriverAction, DriverSetup, FromDriver, PlotTask, ToDriver } from "./driver-messages.ts";
import { countLost, DAEMON_STOPPED, MachineWork, notNow, sendFailed } from "./machine-work.ts";
import type { PlotControl } from "./plot-control.ts";
import { MOST_STRAY_MM } from "./plot-watch.ts";
import type { Plotter } from "./plotter.ts";
import { PowerWatch } from "./power-watch.ts";
import { takeIn } from "./take-in.ts";

const LOOK_AGAIN_MS = 1000;
const IDLE_POLL_MS = 400;
const PARK_MS = 3000;

/** Owns one machine: finds it, takes it in, notices when it is gone, and looks for it again. */
export class Driver {
  readonly #setup: DriverSetup;
  readonly #clock: Clock;
  readonly #send: (message: FromDriver) => void;
  readonly #closing = new AbortController();
  readonly #control: PlotControl = { request: null, tuning: {} };
  #plotter: Plotter | null = null;
  /** Once the machine has been taken in. */
  #work: MachineWork | null = null;
  #power = new PowerWatch(true);
  #ending: "park" | "stay" = "stay";
  #lastProblem = "";
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
        await this.#serve(await this.#takeIn());
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
        this.#plot(message.task);
        break;
      case "pause":
      case "cancel":
        this.#control.request = { type: message.type, reason: message.reason };
        break;
      case "stop":
        this.#work?.halt();
        break;
      case "tune":
        this.#control.tuning = message.tuning;
        this.#work?.tune(message.tuning);
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
    await this.#work?.busy;
    this.#closing.abort(new Error("the driver is stopping"));
  }

  async #takeIn(): Promise<MachineWork> {
    const { signal } = this.#closing;
    const keep = (plotter: Plotter) => {
      this.#plotter = plotter;
    };
    const { plotter, info } = await takeIn(this.#setup, this.#knownAs, this.#clock, signal, keep);
    this.#knownAs = info.nickname ?? this.#knownAs;
    this.#power = new PowerWatch(info.motorPower);
    this.#lastProblem = "";
    const work = this.#newWork(plotter);
    this.#work = work;
    const where = { position: await plotter.executedPosition(), penUp: true };
    this.#send({ type: "connected", info, where });
    return work;
  }

  #newWork(plotter: Plotter): MachineWork {
    return new MachineWork({
      ...{ setup: this.#setup, plotter, power: this.#power, clock: this.#clock, control: this.#control },
      ...{ closing: this.#closing.signal, send: this.#send },
      onAway: (thrown) => this.#tellAway(thrown),
      letGo: () => this.#letGo(),
    });
  }

  /** Watches the machine while it is idle; a fault anywhere ends the service. */
  async #serve(work: MachineWork): Promise<void> {
    while (!this.#closing.signal.aborted) {
      if (work.busy) await work.busy;
      else await this.#look(work);
      if (this.#work !== work) return;
      await this.#pause(IDLE_POLL_MS);
    }
  }

  async #look(work: MachineWork): Promise<void> {
    const { plotter } = work;
    const stands = plotter.queuedPosition;
    const [place, power, pressed] = await Promise.all([
      plotter.executedPosition(),
      plotter.motorPower(),
      plotter.buttonPressed(),
    ]);
    const isStill = !work.busy && plotter.queuedPosition === stands;
    if (isStill && Math.hypot(place.x - stands.x, place.y - stands.y) > MOST_STRAY_MM)
      throw countLost(this.#setup.device.id);
    const change = this.#power.read(power, this.#clock.monotonicMs());
    if (change) this.#send({ type: "power", powered: change === "back" });
    if (pressed) this.#send({ type: "button" });
  }

  #plot(task: PlotTask): void {
    if (this.#work) return this.#work.plot(task);
    sendFailed({ send: this.#send }, task, notNow(this.#setup), task.from);
  }

  async #act(id: number, action: DriverAction): Promise<void> {
    try {
      if (!this.#work)
        throw new PlottyError("device.unavailable", `${this.#setup.device.id} is not connected`);
      await this.#work.act(action);
      this.#send({ type: "acted", id });
    } catch (error) {
      this.#send({ type: "acted", id, error: toPlottyError(error).toBody() });
    }
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
    const [work, plotter] = [this.#work, this.#plotter];
    this.#work = null;
    this.#plotter = null;
    try {
      const isLeaving = this.#closing.signal.aborted && this.#ending === "park";
      if (isLeaving) await work?.park(AbortSignal.timeout(PARK_MS));
    } catch (error) {
      this.#tellAway(error);
    } finally {
      await plotter?.close();
    }
  }

  async #pause(delayMs: number): Promise<void> {
    await sleep(systemClock, delayMs, this.#closing.signal).catch(() => undefined);
  }
}
