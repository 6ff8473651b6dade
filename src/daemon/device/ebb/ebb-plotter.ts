import type { Clock } from "../../../shared/clock.ts";
import { PlottyError } from "../../../shared/errors.ts";
import type { Point } from "../../../shared/geometry.ts";
import type { Link } from "../link/link.ts";
import type { MachineModel } from "../models.ts";
import type { BoardInfo, MotorPower, Plotter, Slice } from "../plotter.ts";
import { type CommandQueue, createCommandQueue } from "./command-queue.ts";
import * as ebb from "./commands.ts";
import { MotionSender } from "./motion-sender.ts";
import { readCounters, switchMotors } from "./motors.ts";
import { askNickname, meetBoard } from "./opening.ts";
import { DEFAULT_HEIGHTS, type PenHeights, setHeights, sweepS } from "./pen-servo.ts";
import { pointOf, StepPlanner } from "./steps.ts";

export interface EbbPlotterOptions {
  readonly link: Link;
  readonly model: MachineModel;
  readonly clock: Clock;
  /** Its servo heights are used from the start; without it 60 % up and 40 % down. */
  readonly pen?: PenHeights;
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

const NOT_OPENED = { firmware: "", nickname: null, limitsJerk: false, positionKnown: false };
const REPLY_TIMEOUT_MS = 1000;
const OPENING_TIMEOUT_MS = 3000;
/** The motor supply's reading (0 … 1023) below which no power supply is plugged in: about 7.5 V. */
const LEAST_SUPPLY = 250;
/** Below this, about 1.5 V, there is no supply at all. */
const NO_SUPPLY = 50;
const AMPERES_PER_COUNT = 3.3 / 1023 / 1.76;
const LONGEST_PEN_MOVE_MS = 65_535;
/** Time for a pen that may stand anywhere to get up. */
const LIFT_FROM_ANYWHERE_MS = 500;
/** A pen move is longer than a slice: what comes after it must be there when it begins, not when it is half done. */
const AFTER_PEN_MOVE_MS = 200;
/** Slices without a step are merged up to this long; then the board is told to wait. */
const LONGEST_OWED_MS = 100;

class EbbPlotter implements Plotter {
  readonly #link: Link;
  readonly #model: MachineModel;
  readonly #speed: number;
  readonly #queue: CommandQueue;
  readonly #sender: MotionSender;
  #pen: PenHeights;
  #penUp = true;
  #planner: StepPlanner | undefined;
  #info: BoardInfo;
  #motorsOn = false;
  /** Speed at the end of the last motion sent. */
  #endMmPerS = 0;

  constructor({ link, model, clock, pen = DEFAULT_HEIGHTS, speed = 1 }: EbbPlotterOptions) {
    this.#link = link;
    this.#model = model;
    this.#pen = pen;
    this.#speed = speed;
    this.#queue = createCommandQueue({ link, clock, replyTimeoutMs: REPLY_TIMEOUT_MS * speed });
    this.#sender = new MotionSender(this.#queue, clock, speed);
    this.#queue.onFailure = (failure) => this.#failed(failure);
    this.#info = { ...NOT_OPENED, port: link.name };
  }

  get info(): BoardInfo {
    return this.#info;
  }

  get queuedPosition(): Point {
    return this.#planner?.position ?? { x: 0, y: 0 };
  }

  get queuedS(): number {
    return this.#sender.queuedMs / 1000;
  }

  get starvations(): number {
    return this.#sender.starvations;
  }

  async open(signal: AbortSignal): Promise<BoardInfo> {
    signal.throwIfAborted();
    const stop = () => void this.#link.close();
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await this.#takeIn();
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async usePen(pen: PenHeights): Promise<void> {
    this.#opened();
    this.#pen = pen;
    // While a pen move waits in the FIFO, changing the heights would make the board report the wrong pen state.
    await this.#sender.drained();
    await setHeights(this.#queue, this.#model, pen);
    await this.#movePen(this.#penUp, sweepS(this.#model, pen));
  }

  async move(slice: Slice, leadS?: number): Promise<void> {
    const planner = this.#opened();
    const joins = slice.startMmPerS > 0 && this.#endMmPerS > 0;
    const move = planner.plan(slice);
    if (move) {
      const command = move.command === "L3" ? ebb.jerkMove : ebb.lowLevelMove;
      this.#sender.send(command(move.parameters, move.ticks / 25), joins);
      this.#endMmPerS = slice.endMmPerS;
      this.#motorsOn = true; // a move switches them on
    } else if (planner.owedMs >= LONGEST_OWED_MS) {
      this.#sender.send(ebb.delay(planner.takeOwedMs()), false);
      this.#endMmPerS = 0;
    }
    await this.#sender.room(leadS === undefined ? undefined : leadS * 1000);
  }

  raisePen(durationS: number): Promise<void> {
    return this.#movePen(true, durationS);
  }

  lowerPen(durationS: number): Promise<void> {
    return this.#movePen(false, durationS);
  }

  async drained(signal: AbortSignal): Promise<void> {
    this.#opened();
    await this.#sender.drained(signal);
  }

  async executedPosition(): Promise<Point> {
    this.#opened();
    return pointOf(await this.#queue.send(ebb.querySteps), this.#model.stepsPerMm);
  }

  async motorPower(): Promise<MotorPower> {
    this.#opened();
    const measured = await this.#queue.send(ebb.queryCurrent);
    if (!measured) return { currentA: null, powered: true };
    const { reference, supply } = measured;
    const currentA = reference * AMPERES_PER_COUNT;
    return { currentA, powered: supply >= LEAST_SUPPLY, absent: supply < NO_SUPPLY };
  }

  async buttonPressed(): Promise<boolean> {
    this.#opened();
    return this.#queue.send(ebb.queryButton);
  }

  /** Switching off, and on again from off, forgets the position: the place where motors go on is the origin. */
  async enableMotors(on: boolean): Promise<void> {
    const planner = this.#opened();
    if (on && this.#motorsOn) return;
    await this.#sender.drained();
    planner.moveTo(await switchMotors(this.#queue, this.#sender, on));
    this.#motorsOn = on;
    this.#info = { ...this.#info, positionKnown: false };
  }

  async setOrigin(): Promise<void> {
    const planner = this.#opened();
    await this.#sender.drained();
    await this.#queue.send(ebb.clearSteps);
    planner.moveTo(await this.#queue.send(ebb.querySteps));
    this.#info = { ...this.#info, positionKnown: true };
  }

  /** Callers that are held back by motion go on at once: whether to send more is theirs to know. */
  async emergencyStop(): Promise<void> {
    const planner = this.#opened();
    this.#info = { ...this.#info, positionKnown: false };
    this.#sender.stopping();
    await this.#queue.send(ebb.stopMotion);
    this.#sender.stopped();
    this.#endMmPerS = 0;
    planner.moveTo(await this.#queue.send(ebb.querySteps));
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  /** Pen up before anything else; then name, position and motors. */
  async #takeIn(): Promise<BoardInfo> {
    const able = await meetBoard(this.#queue, this.#link.name, OPENING_TIMEOUT_MS * this.#speed);
    await setHeights(this.#queue, this.#model, this.#pen);
    this.#sender.send(this.#setPen(true, LIFT_FROM_ANYWHERE_MS), false);
    const nickname = able.hasNickname ? await askNickname(this.#queue) : null;
    // Moves of a former owner may still be running.
    await this.#sender.drained();
    const { counters, isKnown } = await readCounters(this.#queue, able);
    // Enabling motors zeroes the counters, so it is not done where they can be believed.
    const start = isKnown ? counters : await switchMotors(this.#queue, this.#sender, true);
    this.#planner = new StepPlanner(this.#model.stepsPerMm, able, start);
    this.#motorsOn = true;
    const { version: firmware, limitsJerk } = able;
    this.#info = { firmware, nickname, port: this.#link.name, limitsJerk, positionKnown: isKnown };
    return this.#info;
  }

  async #movePen(up: boolean, durationS: number): Promise<void> {
    const owedMs = this.#opened().takeOwedMs();
    const durationMs = Math.min(LONGEST_PEN_MOVE_MS, Math.max(1, Math.round(durationS * 1000) + owedMs));
    this.#penUp = up;
    this.#endMmPerS = 0;
    this.#sender.strokeEnded();
    this.#sender.send(this.#setPen(up, durationMs), false);
    await this.#sender.room(AFTER_PEN_MOVE_MS);
  }

  #setPen(up: boolean, durationMs: number) {
    return ebb.setPen(up, durationMs, this.#model.servoPin);
  }

  /** The board may still hear what it no longer answers rightly: the pen is raised behind what is queued, unasked. */
  #failed(failure: PlottyError): void {
    const canHear = this.#planner !== undefined && failure.code !== "device.link-closed";
    if (canHear) this.#link.send(this.#setPen(true, LIFT_FROM_ANYWHERE_MS).text);
    this.#sender.failed();
  }

  #opened(): StepPlanner {
    if (this.#queue.failure) throw this.#queue.failure;
    if (!this.#planner) throw new PlottyError("device.unavailable", "the plotter has not been opened");
    return this.#planner;
  }
}
