import { type Clock, sleep } from "../../../shared/clock.ts";
import { PlottyError } from "../../../shared/errors.ts";
import type { Point } from "../../../shared/geometry.ts";
import type { PenSettings } from "../../../shared/plot-settings.ts";
import type { Link } from "../link/link.ts";
import { type MachineModel, servoSweepS } from "../models.ts";
import type { BoardInfo, MotorPower, Plotter, Slice } from "../plotter.ts";
import { type CommandQueue, createCommandQueue } from "./command-queue.ts";
import * as ebb from "./commands.ts";
import { type Capabilities, capabilities, parseVersion } from "./firmware.ts";
import { MotionBacklog } from "./motion-backlog.ts";
import { pointOf, StepPlanner } from "./steps.ts";

export interface EbbPlotterOptions {
  readonly link: Link;
  readonly model: MachineModel;
  readonly clock: Clock;
  /** Its servo heights are used from the start; without it 60 % up and 40 % down. */
  readonly pen?: Pick<PenSettings, "upPercent" | "downPercent">;
  /**
   * How many times faster than real `clock` runs. The delays of this host are real, so the queue and the
   * time-outs grow by it. 1 by default.
   */
  readonly speed?: number;
}

/** A pen plotter with an EiBotBoard, firmware 2.5.3 or newer. Nothing is sent before `open`. */
export function createEbbPlotter(options: EbbPlotterOptions): Plotter {
  return new EbbPlotter(options);
}

/** Motion that may wait in the board and on the way to it. */
const QUEUE_TARGET_MS = 200;
const MOST_UNACKNOWLEDGED = 8;
/** One running and one behind it: with fewer, short slices would leave the board without work. */
const FEWEST_COMMANDS = 2;
const REPLY_TIMEOUT_MS = 1000;
/** A former owner's moves may have to end before the board reads our first command. */
const OPENING_TIMEOUT_MS = 3000;
const DRAIN_POLL_MS = 5;
/** The motor supply's reading (0 … 1023) below which no power supply is plugged in: about 7.5 V. */
const LEAST_SUPPLY = 250;
const AMPERES_PER_COUNT = 3.3 / 1023 / 1.76;
const DEFAULT_PEN = { upPercent: 60, downPercent: 40 };
const LONGEST_PEN_MOVE_MS = 65_535;
/** Slices without a step are merged up to this long; then the board is told to wait. */
const LONGEST_OWED_MS = 100;

class EbbPlotter implements Plotter {
  readonly #link: Link;
  readonly #model: MachineModel;
  readonly #clock: Clock;
  readonly #speed: number;
  readonly #queue: CommandQueue;
  readonly #backlog = new MotionBacklog();
  #pen: Pick<PenSettings, "upPercent" | "downPercent">;
  #penUp = true;
  #able: Capabilities | undefined;
  #planner: StepPlanner | undefined;
  #info: BoardInfo;
  #motorsOn = false;
  #endMmPerS = 0;
  #changed: (() => void)[] = [];

  constructor({ link, model, clock, pen = DEFAULT_PEN, speed = 1 }: EbbPlotterOptions) {
    this.#link = link;
    this.#model = model;
    this.#clock = clock;
    this.#pen = pen;
    this.#speed = speed;
    this.#queue = createCommandQueue({ link, clock, replyTimeoutMs: REPLY_TIMEOUT_MS * speed });
    this.#queue.onFailure = () => this.#wake();
    this.#info = { firmware: "", nickname: null, port: link.name, positionKnown: false };
  }

  get info(): BoardInfo {
    return this.#info;
  }

  get queuedPosition(): Point {
    return this.#planner?.position ?? { x: 0, y: 0 };
  }

  get queuedS(): number {
    return this.#backlog.queuedMs(this.#nowMs) / 1000;
  }

  get starvations(): number {
    return this.#backlog.starvations;
  }

  async open(signal: AbortSignal): Promise<BoardInfo> {
    const stop = () => void this.#link.close();
    signal.throwIfAborted();
    signal.addEventListener("abort", stop, { once: true });
    try {
      const able = await this.#meet();
      await this.#setServo();
      await this.#raiseAtOnce();
      const nickname = able.hasNickname ? await this.#askNickname() : null;
      const positionKnown = await this.#takeIn(able);
      this.#info = { firmware: able.version, nickname, port: this.#link.name, positionKnown };
      return this.#info;
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async usePen(pen: PenSettings): Promise<void> {
    this.#pen = pen;
    // While a pen move waits in the FIFO, changing the heights would make the board report the wrong pen state.
    await this.#drain();
    await this.#setServo();
    await this.#movePen(this.#penUp, this.#sweepMs() / 1000);
  }

  async move(slice: Slice): Promise<void> {
    const planner = this.#opened();
    const joins = slice.startMmPerS > 0 && this.#endMmPerS > 0;
    const move = planner.plan(slice);
    this.#endMmPerS = slice.endMmPerS;
    if (move) this.#queueMotion(ebb.lowLevelMove(move.parameters, move.ticks / 25), joins);
    else if (planner.owedMs >= LONGEST_OWED_MS) this.#queueMotion(ebb.delay(planner.takeOwedMs()), false);
    await this.#room();
  }

  raisePen(durationS: number): Promise<void> {
    return this.#movePen(true, durationS);
  }

  lowerPen(durationS: number): Promise<void> {
    return this.#movePen(false, durationS);
  }

  async drained(signal: AbortSignal): Promise<void> {
    this.#opened();
    await this.#drain(signal);
  }

  async executedPosition(): Promise<Point> {
    this.#opened();
    return pointOf(await this.#queue.send(ebb.querySteps), this.#model.stepsPerMm);
  }

  async motorPower(): Promise<MotorPower> {
    this.#opened();
    const { reference, supply } = await this.#queue.send(ebb.queryCurrent);
    return { currentA: reference * AMPERES_PER_COUNT, powered: supply >= LEAST_SUPPLY };
  }

  async buttonPressed(): Promise<boolean> {
    this.#opened();
    return this.#queue.send(ebb.queryButton);
  }

  /** Switching off, and on again from off, forgets the position: the place where motors go on is the origin. */
  async enableMotors(on: boolean): Promise<void> {
    this.#opened();
    if (on && this.#motorsOn) return;
    await this.#drain();
    await this.#switchMotors(on);
    this.#info = { ...this.#info, positionKnown: false };
  }

  async setOrigin(): Promise<void> {
    const planner = this.#opened();
    await this.#drain();
    await this.#queue.send(ebb.clearSteps);
    planner.moveTo(await this.#queue.send(ebb.querySteps));
    this.#info = { ...this.#info, positionKnown: true };
  }

  async emergencyStop(): Promise<void> {
    const planner = this.#opened();
    this.#info = { ...this.#info, positionKnown: false };
    await this.#queue.send(ebb.stopMotion);
    this.#backlog.cleared(this.#nowMs);
    this.#endMmPerS = 0;
    planner.moveTo(await this.#queue.send(ebb.querySteps));
    this.#wake();
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  get #nowMs(): number {
    return this.#clock.monotonicMs();
  }

  /** Finds the start of the conversation, learns the version and sets the board's way of answering. */
  async #meet(): Promise<Capabilities> {
    const opening = { ...ebb.queryVersion, timeoutMs: OPENING_TIMEOUT_MS * this.#speed };
    const version = parseVersion(await this.#synchronise([ebb.finishLine], opening));
    if (!version) {
      throw new PlottyError("device.not-ebb", `what is connected to ${this.#link.name} is not an EiBotBoard`);
    }
    this.#able = capabilities(version);
    const answerOk = ebb.setOption(1, 1);
    const options = [ebb.setOption(10, 0), answerOk, ebb.setOption(4, 1)];
    await this.#synchronise(this.#able.hasFutureSyntax ? options : [answerOk]);
    return this.#able;
  }

  /** Sends commands whose answers are not foreseeable, with `V` behind them, which drops those answers. */
  async #synchronise(
    commands: readonly ebb.Command<undefined>[],
    version = ebb.queryVersion,
  ): Promise<string> {
    const sent = [...commands, version].map((command) => this.#queue.send<string | undefined>(command));
    return (await Promise.all(sent)).at(-1)!;
  }

  /** A nickname of "OK" cannot be told from the end of the answer; `V` drops what is left of it. */
  async #askNickname(): Promise<string | null> {
    const [nickname] = await Promise.all([
      this.#queue.send(ebb.queryNickname),
      this.#queue.send(ebb.queryVersion),
    ]);
    return nickname;
  }

  async #setServo(): Promise<void> {
    const { servoMin, servoMax, servoRate } = this.#model;
    const pulse = (percent: number) => Math.round(servoMin + (percent / 100) * (servoMax - servoMin));
    await Promise.all([
      this.#queue.send(ebb.configureServo(4, pulse(this.#pen.upPercent))),
      this.#queue.send(ebb.configureServo(5, pulse(this.#pen.downPercent))),
      this.#queue.send(ebb.configureServo(10, servoRate)),
      this.#queue.send(ebb.configureServo(11, servoRate)),
      this.#queue.send(ebb.configureServo(12, servoRate)),
    ]);
  }

  /** The way between this pen's two heights. */
  #sweepMs(): number {
    return servoSweepS(this.#model, this.#pen.downPercent, this.#pen.upPercent) * 1000;
  }

  /** The pen may stand anywhere: the whole range is allowed for. */
  async #raiseAtOnce(): Promise<void> {
    const wholeSweepMs = servoSweepS(this.#model, 0, 100) * 1000;
    const sweepMs = Math.max(this.#sweepMs(), Math.min(wholeSweepMs, 500));
    this.#backlog.sent(this.#nowMs, sweepMs, false);
    await this.#queue.send(ebb.setPen(true, Math.round(sweepMs)));
    this.#backlog.acknowledged(this.#nowMs);
    this.#penUp = true;
  }

  /** @returns whether the board has kept its counters and its motors on since it was last used */
  async #takeIn(able: Capabilities): Promise<boolean> {
    const counters = await this.#queue.send(ebb.querySteps);
    this.#planner = new StepPlanner(this.#model.stepsPerMm, able, counters);
    const known = able.tellsMotorState
      ? await this.#motorsAreOn()
      : counters.motor1 !== 0 || counters.motor2 !== 0;
    if (known) this.#motorsOn = true;
    else await this.#switchMotors(true);
    return known;
  }

  async #motorsAreOn(): Promise<boolean> {
    const { motor1, motor2 } = await this.#queue.send(ebb.queryMotorState);
    return motor1 === 16 && motor2 === 16;
  }

  async #switchMotors(on: boolean): Promise<void> {
    await this.#queue.send(ebb.enableMotors(on));
    // From 2.8 EM waits in the FIFO: a move read before it is executed would be lost.
    await this.#drain();
    await this.#queue.send(ebb.clearSteps);
    this.#motorsOn = on;
    this.#planner?.moveTo(await this.#queue.send(ebb.querySteps));
  }

  async #movePen(up: boolean, durationS: number): Promise<void> {
    const owedMs = this.#opened().takeOwedMs();
    const durationMs = Math.min(LONGEST_PEN_MOVE_MS, Math.max(1, Math.round(durationS * 1000) + owedMs));
    this.#penUp = up;
    this.#endMmPerS = 0;
    this.#backlog.strokeEnded();
    this.#queueMotion(ebb.setPen(up, durationMs), false);
    await this.#room();
  }

  #queueMotion(command: ebb.Command<undefined>, joins: boolean): void {
    this.#backlog.sent(this.#nowMs, command.motionMs ?? 0, joins);
    this.#queue.send(command).then(
      () => {
        this.#backlog.acknowledged(this.#nowMs);
        this.#wake();
      },
      () => this.#wake(), // the queue keeps its failure: whoever waits, and every later call, gets it
    );
  }

  /** Resolves when another command may be sent. */
  async #room(): Promise<void> {
    while (!this.#hasRoom()) await this.#change(this.#queuedMs - QUEUE_TARGET_MS * this.#speed);
    this.#throwIfFailed();
  }

  #hasRoom(): boolean {
    if (this.#queue.failure) return true;
    if (this.#backlog.unacknowledged >= MOST_UNACKNOWLEDGED * this.#speed) return false;
    if (this.#backlog.commands(this.#nowMs) < FEWEST_COMMANDS) return true;
    return this.#queuedMs < QUEUE_TARGET_MS * this.#speed;
  }

  get #queuedMs(): number {
    return this.#backlog.queuedMs(this.#nowMs);
  }

  /** Resolves at the next acknowledgement or failure, or after `delayMs` where that is above 0. */
  async #change(delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = delayMs > 0 ? this.#clock.after(delayMs, resolve) : () => {};
      this.#changed.push(() => {
        cancel();
        resolve();
      });
    });
  }

  #wake(): void {
    for (const changed of this.#changed.splice(0)) changed();
  }

  async #drain(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const busy = await this.#queue.send(ebb.queryMotors);
      if (!busy) return;
      await sleep(this.#clock, Math.max(this.#queuedMs, DRAIN_POLL_MS), signal);
    }
  }

  #opened(): StepPlanner {
    this.#throwIfFailed();
    if (!this.#planner) throw new PlottyError("device.unavailable", "the plotter has not been opened");
    return this.#planner;
  }

  #throwIfFailed(): void {
    if (this.#queue.failure) throw this.#queue.failure;
  }
}
