/** The step generator of the simulated board: what its interrupt does 25,000 times a second. */

export const TICKS_PER_MS = 25;

/** How the interrupt of a firmware adds up; facts from evil-mad/EggBot, `EBB_firmware/app.X/source/ebb.c` of each release. */
export type Arithmetic = "2.5" | "2.7" | "3.0";

/** One entry of the FIFO. */
export type MotionCommand =
  | { readonly kind: "steps"; readonly axes: readonly [AxisMove, AxisMove] }
  /** LT: both axes for a number of ticks. */
  | { readonly kind: "timed"; readonly axes: readonly [AxisMove, AxisMove]; readonly ticks: number }
  | { readonly kind: "wait"; readonly ticks: number }
  | { readonly kind: "servo"; readonly pulse: number; readonly rate: number; readonly ticks: number }
  | { readonly kind: "motors"; readonly enable1: number; readonly enable2: number };

export interface AxisMove {
  /** Added to the accumulator each tick; signed on 3.x, where its sign is the direction. */
  readonly rate: number;
  readonly accel: number;
  /** Added to `accel` each tick, before that is added to the rate; 3.x only. */
  readonly jerk?: number;
  /** Steps to make, 0 or more. */
  readonly steps: number;
  /** Before 3.0, the direction. */
  readonly backwards: boolean;
  /** What the accumulator is set to when the move starts; undefined leaves it. */
  readonly accumulator?: number;
}

const STEP_BIT = 0x80000000 | 0;
const BELOW_STEP = 0x7fffffff;

/** One motor: accumulator, step counter and what is left of its move. */
export class Axis {
  /** Net steps made, as QS tells. */
  counter = 0;
  accumulator = 0;
  rate = 0;
  /** What was added last; signed like the steps it leads to. */
  added = 0;
  stepsLeft = 0;
  #accel = 0;
  #jerk = 0;
  #sign = 1;
  readonly #arithmetic: Arithmetic;

  constructor(arithmetic: Arithmetic) {
    this.#arithmetic = arithmetic;
  }

  load({ rate, accel, jerk = 0, steps, backwards, accumulator }: AxisMove): void {
    this.rate = rate | 0;
    this.#accel = accel | 0;
    this.#jerk = jerk | 0;
    this.stepsLeft = steps;
    this.#sign = backwards ? -1 : 1;
    if (accumulator !== undefined) this.accumulator = accumulator;
  }

  /** A tick of a move that ends with its last step. */
  tick(): void {
    if (this.stepsLeft > 0 && this.advance()) this.stepsLeft--;
  }

  /** Adds up once. @returns whether a step was made */
  advance(): boolean {
    if (this.#arithmetic === "2.5") {
      const stepped = this.#add();
      this.rate = (this.rate + this.#accel) | 0;
      return stepped;
    }
    this.#accel = (this.#accel + this.#jerk) | 0;
    this.rate = (this.rate + this.#accel) | 0;
    if (this.#arithmetic === "2.7") this.rate &= BELOW_STEP;
    else this.#sign = this.rate < 0 ? -1 : 1;
    return this.#add();
  }

  stop(): void {
    this.stepsLeft = 0;
  }

  copyFrom(other: Axis): void {
    this.accumulator = other.accumulator;
    this.rate = other.rate;
    this.stepsLeft = other.stepsLeft;
    this.#accel = other.#accel;
    this.#jerk = other.#jerk;
  }

  #add(): boolean {
    this.added = this.#sign * Math.abs(this.rate);
    this.accumulator = (this.accumulator + this.rate) | 0;
    if ((this.accumulator & STEP_BIT) === 0) return false;
    this.accumulator &= BELOW_STEP;
    this.counter += this.#sign;
    return true;
  }
}
