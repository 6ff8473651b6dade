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
  const mean = (startMmPerS + endMmPerS) / 2 - bend / 12;
  return mean > SLOWEST_MM_PER_S
    ? { start: startMmPerS / mean, end: endMmPerS / mean, jerk: bend / mean }
    : { start: 1, end: 1, jerk: 0 };
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
  const mean = (first + last) / 2 - jerk / 12;
  return mean > 0 ? { start: first / mean, end: last / mean, jerk: jerk / mean } : shape;
}

/** Below this the fastest moment of the move would need more than one step a tick. */
export function fewestTicks(steps: number, { start, end }: SpeedShape): number {
  return Math.ceil(steps * Math.max(start, end) * (1 + 1e-8)) + 1;
}
