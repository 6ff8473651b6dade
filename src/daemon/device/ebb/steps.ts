import type { Point } from "../../../shared/geometry.ts";
import { toMm, toSteps } from "../../../shared/units.ts";
import type { Slice } from "../plotter.ts";
import type { StepCounters } from "./commands.ts";
import type { Capabilities } from "./firmware.ts";
import { jerkAxis } from "./jerk-axis.ts";
import { fewestTicks, type SpeedShape, shiftedShape, speedShape, straight } from "./speed-shape.ts";

/** The board's step clock. */
export const TICKS_PER_S = 25_000;
/** An accumulator at which a step is taken; a rate of one less is the fastest there is. */
const STEP = 2 ** 31;

/** The parameters of one LM, or L3 where it has a jerk, and how long the board will need for it. */
export interface StepMove {
  readonly command: "LM" | "L3";
  readonly parameters: readonly number[];
  readonly ticks: number;
}

/**
 * Turns slices into LM commands. Positions are rounded, never lengths, so that no fraction of a step is lost over any number
 * of strokes; time is carried on in the same way, fractions of a tick included. A move ends when the planned motion gets to the
 * whole step of its faster motor, not when the slice does: speeds would otherwise jump by up to a step a slice. Where the firmware cannot clear its step
 * accumulators, they are followed here, tick for tick.
 *
 * In tick k the board adds `first + accel × (k − 1)` to an accumulator, so after k ticks it has gained
 * `first × k + accel × k(k − 1)/2`, and it steps when that passes a multiple of 2³¹.
 */
export class StepPlanner {
  readonly #stepsPerMm: number;
  readonly #able: Capabilities;
  #at: StepCounters;
  #position: Point;
  #accumulators: [number, number] = [0, 0];
  /** Ticks that have been asked for and not yet been given to the board; may be slightly negative. */
  #owedTicks = 0;
  /** How much later than planned the last move ends, on purpose; negative: earlier. */
  #shiftTicks = 0;
  /** Starting speed of slices that were too short for a step and wait for the next. */
  #owedStartMmPerS: number | undefined;

  constructor(stepsPerMm: number, able: Capabilities, at: StepCounters) {
    this.#stepsPerMm = stepsPerMm;
    this.#able = able;
    this.#at = at;
    this.#position = pointOf(at, stepsPerMm);
  }

  /** Where the last slice ends, mm. */
  get position(): Point {
    return this.#position;
  }

  /** The counters were changed or read anew. */
  moveTo(at: StepCounters): void {
    this.#at = at;
    this.#position = pointOf(at, this.#stepsPerMm);
    this.#owedStartMmPerS = undefined;
    this.#owedTicks = 0;
    this.#shiftTicks = 0;
  }

  /** @returns undefined when the slice is too short for any step: its time is added to the next one */
  plan(slice: Slice): StepMove | undefined {
    const target = stepsOf(slice.to, this.#stepsPerMm);
    const steps = [target.motor1 - this.#at.motor1, target.motor2 - this.#at.motor2] as const;
    this.#position = slice.to;
    this.#owedTicks += slice.durationS * TICKS_PER_S;
    const startMmPerS = this.#owedStartMmPerS ?? slice.startMmPerS;
    if (steps[0] === 0 && steps[1] === 0) {
      this.#owedStartMmPerS = startMmPerS;
      return undefined;
    }
    this.#owedStartMmPerS = undefined;
    const [shiftedFrom, ticks] = [this.#shiftTicks, this.#owedTicks + this.#shiftTicks];
    const jerk = this.#able.limitsJerk ? (slice.jerkMmPerS3 ?? 0) : 0;
    // The slices without a step before it were of the same jerk, or too slow for it to matter.
    const bend = jerk * (this.#owedTicks / TICKS_PER_S) ** 2;
    const shape = speedShape(startMmPerS, slice.endMmPerS, bend);
    this.#shiftTicks = this.#shiftAt(slice.to, target, steps, shape, ticks);
    this.#at = target;
    return this.#move(steps, shiftedShape(shape, shiftedFrom / ticks, this.#shiftTicks / ticks));
  }

  /** Time of slices without a step that waits for the next one, ms. */
  get owedMs(): number {
    return this.#owedStartMmPerS === undefined ? 0 : this.#owedTicks / 25;
  }

  /** Time of slices without a step, whole ms, to be spent otherwise: nothing is owed afterwards but a fraction. */
  takeOwedMs(): number {
    const owedMs = Math.max(0, Math.floor(this.#owedTicks / 25));
    this.#owedTicks -= owedMs * 25;
    this.#owedStartMmPerS = undefined;
    return owedMs;
  }

  /** How much later than planned the faster motor, which stops on whole steps, gets to its own. */
  #shiftAt(
    to: Point,
    target: StepCounters,
    steps: readonly [number, number],
    shape: SpeedShape,
    ticks: number,
  ) {
    const isFirst = Math.abs(steps[0]) >= Math.abs(steps[1]);
    const count = isFirst ? steps[0] : steps[1];
    const exact = (isFirst ? to.x + to.y : to.x - to.y) * this.#stepsPerMm;
    const beyond = ((isFirst ? target.motor1 : target.motor2) - exact) * Math.sign(count);
    const endStepsPerTick = (shape.end * Math.abs(count)) / ticks;
    const most = Math.min(ticks * MOST_SHIFT, MOST_SHIFT_TICKS);
    if (Math.abs(beyond) >= most * endStepsPerTick) return 0;
    return beyond / endStepsPerTick;
  }

  #move(steps: readonly [number, number], shape: SpeedShape): StepMove {
    const between = this.#able.ticksBetweenMoves;
    const most = Math.max(Math.abs(steps[0]), Math.abs(steps[1]));
    const wanted = Math.round(this.#owedTicks + this.#shiftTicks) - between;
    const ticks = Math.max(1, wanted, fewestTicks(most, shape));
    return this.#jerkMove(steps, ticks, shape) ?? this.#plainMove(steps, ticks, straight(shape));
  }

  #jerkMove(steps: readonly [number, number], ticks: number, shape: SpeedShape): StepMove | undefined {
    if (shape.jerk === 0) return undefined;
    const [one, two] = [jerkAxis(steps[0], ticks, shape), jerkAxis(steps[1], ticks, shape)];
    if (!one || !two) return undefined;
    const taken = Math.max(one.ticks, two.ticks);
    this.#owedTicks = Math.max(this.#owedTicks - taken, -this.#shiftTicks - 1);
    const parameters = [one, two].flatMap(({ rate, steps, accel, jerk }) => [rate, steps, accel, jerk]);
    return { command: "L3", parameters: [...parameters, 3], ticks: taken };
  }

  #plainMove(steps: readonly [number, number], ticks: number, shape: SpeedShape): StepMove {
    const between = this.#able.ticksBetweenMoves;
    const axes = [this.#axis(0, steps[0], ticks, shape), this.#axis(1, steps[1], ticks, shape)] as const;
    const taken = Math.max(axes[0].ticks, axes[1].ticks) + between;
    // A slice faster than the board can step takes longer; that time is not made up for by rushing later.
    this.#owedTicks = Math.max(this.#owedTicks - taken, -this.#shiftTicks - 1);
    const parameters = axes.flatMap((axis) => [axis.rate, axis.steps, axis.accel]);
    const cleared = this.#able.clearsAccumulators ? [...parameters, 3] : parameters;
    return { command: "LM", parameters: cleared, ticks: taken };
  }

  /** Rate and acceleration with which one motor makes its steps in `ticks`, the last one in the last tick. */
  #axis(axis: 0 | 1, steps: number, ticks: number, shape: SpeedShape) {
    if (steps === 0) return { rate: 0, steps: 0, accel: 0, ticks: 0 };
    const before = this.#able.clearsAccumulators ? 0 : this.#accumulators[axis];
    const gain = Math.abs(steps) * STEP - before;
    const accel = Math.trunc(((shape.end - shape.start) * gain) / ticks / ticks) + 0;
    const first = Math.ceil((gain - (accel * ticks * (ticks - 1)) / 2) / ticks);
    const taken = ticksFor(gain, first, accel, ticks);
    this.#accumulators[axis] = gainAfter(taken, first, accel) - gain;
    const rate = this.#able.newArithmetic ? first - accel + Math.trunc(accel / 2) : first;
    return { rate, steps, accel, ticks: taken };
  }
}

export function stepsOf(point: Point, stepsPerMm: number): StepCounters {
  const steps = (lengthMm: number) => toSteps(lengthMm, stepsPerMm) + 0; // never −0
  return { motor1: steps(point.x + point.y), motor2: steps(point.x - point.y) };
}

export function pointOf({ motor1, motor2 }: StepCounters, stepsPerMm: number): Point {
  return { x: toMm((motor1 + motor2) / 2, stepsPerMm), y: toMm((motor1 - motor2) / 2, stepsPerMm) };
}

/** By so much a move may end later or sooner so that it ends on whole steps: a share of its time, and a third of the shortest. */
const MOST_SHIFT = 0.15;
const MOST_SHIFT_TICKS = 25;

function gainAfter(ticks: number, first: number, accel: number): number {
  return first * ticks + (accel * ticks * (ticks - 1)) / 2;
}

/** The tick in which the last step is made: `ticks`, or a few less where whole numbers gain a little too much. */
function ticksFor(gain: number, first: number, accel: number, ticks: number): number {
  let low = 1;
  let high = ticks;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (gainAfter(middle, first, accel) >= gain) high = middle;
    else low = middle + 1;
  }
  return low;
}
