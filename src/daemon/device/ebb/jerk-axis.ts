import type { SpeedShape } from "./speed-shape.ts";

/** An accumulator at which a step is taken. */
const STEP = 2 ** 31;

export interface JerkAxis {
  readonly rate: number;
  readonly steps: number;
  readonly accel: number;
  readonly jerk: number;
  /** The tick of its last step. */
  readonly ticks: number;
}

/**
 * What one motor's part of an L3 must be to make `steps` in `ticks`, the last one in the last tick, from a cleared accumulator.
 * In tick k the board adds `base + accel × k + jerk × k(k + 1)/2`, where `base` is the rate sent, less half the acceleration,
 * plus a sixth of the jerk.
 *
 * @returns undefined where the rate would leave 0 … 25,000 steps/s on its way: the move must do without jerk; so must one of one tick
 */
export function jerkAxis(
  steps: number,
  ticks: number,
  { start, end, jerk: share }: SpeedShape,
): JerkAxis | undefined {
  if (ticks < 2) return undefined;
  if (steps === 0) return { rate: 0, steps: 0, accel: 0, jerk: 0, ticks: 0 };
  const gain = Math.abs(steps) * STEP;
  const jerk = Math.trunc((share * gain) / ticks ** 3) + 0;
  const accel = legalAccel(((end - start) * gain) / ticks ** 2 - (jerk * ticks) / 2, gain, ticks, jerk);
  const base = Math.ceil((gain - gainAfter(ticks, 0, accel, jerk)) / ticks);
  if (!staysLegal(ticks, base, accel, jerk)) return undefined;
  const fromBase = Math.trunc(accel / 2) - Math.trunc(jerk / 6);
  // From rest the rate to be sent may be a few counts below 0, which are far less than a step.
  const rate = Math.max(0, base + fromBase);
  const taken = lastTick(gain, ticks, rate - fromBase, accel, jerk);
  // Negative steps turn rate and acceleration round on the board, but not the jerk.
  return { rate, steps, accel, jerk: steps < 0 ? 0 - jerk : jerk, ticks: taken };
}

/** From and to rest, whole numbers would let the rate begin or end a little below 0: there it is 0, and the other end makes up. */
function legalAccel(wanted: number, gain: number, ticks: number, jerk: number): number {
  const ramp = gainAfter(ticks, 0, 1, 0);
  const bend = gainAfter(ticks, 0, 0, jerk);
  const most = Math.floor((gain - bend + jerk * ticks) / (ramp - ticks));
  const least = Math.ceil((gain - bend + jerk * ticks * ramp) / (ramp - ticks ** 2));
  return Math.max(least, Math.min(most, Math.trunc(wanted))) + 0;
}

function gainAfter(ticks: number, base: number, accel: number, jerk: number): number {
  const ramp = (ticks * (ticks + 1)) / 2;
  return base * ticks + accel * ramp + jerk * ((ramp * (ticks + 2)) / 3);
}

/** A parabola is lowest and highest at its ends or where it turns. */
function staysLegal(ticks: number, base: number, accel: number, jerk: number): boolean {
  const rateAt = (tick: number) => base + accel * tick + (jerk * tick * (tick + 1)) / 2;
  const turn = jerk === 0 ? 1 : Math.min(ticks, Math.max(1, Math.round(-accel / jerk - 0.5)));
  return [1, ticks, turn].map(rateAt).every((rate) => rate >= 0 && rate < STEP);
}

function lastTick(gain: number, ticks: number, base: number, accel: number, jerk: number): number {
  let [low, high] = [1, ticks];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (gainAfter(middle, base, accel, jerk) >= gain) high = middle;
    else low = middle + 1;
  }
  return low;
}
