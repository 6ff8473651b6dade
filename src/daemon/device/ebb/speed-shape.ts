/** Speed over a move as shares of its mean: `start`, and `end` after a change that itself changes evenly by `jerk`. */
export interface SpeedShape {
  readonly start: number;
  readonly end: number;
  /** Second derivative of the speed over the whole move; the mean of start and end is 1 + jerk / 12. */
  readonly jerk: number;
}

/** Below this a ratio of speeds means nothing. */
const SLOWEST_MM_PER_S = 1e-6;

/** @param bend jerk times the square of the duration, mm/s */
export function speedShape(startMmPerS: number, endMmPerS: number, bend: number): SpeedShape {
  return shapeOf(startMmPerS, endMmPerS, bend, SLOWEST_MM_PER_S) ?? { start: 1, end: 1, jerk: 0 };
}

/** In shares of the mean, if that is above `least`; bent no more than leaves the speed at 0 or above all the way. */
function shapeOf(start: number, end: number, wanted: number, least: number): SpeedShape | undefined {
  const bend = Math.min(wanted, 2 * (Math.sqrt(start) + Math.sqrt(end)) ** 2);
  const mean = (start + end) / 2 - bend / 12;
  return mean > least ? { start: start / mean, end: end / mean, jerk: bend / mean } : undefined;
}

/** The same change of speed, evenly. */
export function straight({ start, end, jerk }: SpeedShape): SpeedShape {
  if (jerk === 0) return { start, end, jerk };
  const first = Math.min(2, Math.max(0, 1 - (end - start) / 2));
  return { start: first, end: 2 - first, jerk: 0 };
}

/** Speeds where the move really begins and ends, when these are shifted in time by shares of it. */
export function shiftedShape(shape: SpeedShape, startShift: number, endShift: number): SpeedShape {
  const { start, end, jerk } = shape;
  const change = end - start;
  const first = Math.max(0, start + (change - jerk / 2) * startShift);
  const last = Math.max(0, end + (change + jerk / 2) * endShift);
  return shapeOf(first, last, jerk, 0) ?? shape;
}

/** Below this the fastest moment of the move would need more than one step a tick. */
export function fewestTicks(steps: number, { start, end }: SpeedShape): number {
  return Math.ceil(steps * Math.max(start, end) * (1 + 1e-8)) + 1;
}
