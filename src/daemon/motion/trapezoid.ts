/** One constant-acceleration phase of a segment: accelerate, cruise or decelerate; or one of constant jerk. */
export interface Block {
  readonly lengthMm: number;
  readonly durationS: number;
  readonly startMmPerS: number;
  readonly endMmPerS: number;
  /** Change of the acceleration, mm/s³; 0 where it is missing. */
  readonly jerkMmPerS3?: number;
  /** Of an S-curve: the planned accelerations at both ends, mm/s². */
  readonly accels?: readonly [start: number, end: number];
}

/**
 * The fastest way over a segment: up to three blocks. The exit speed must be reachable (`lookahead` has seen to it).
 *
 * @param maxMmPerS at least both end speeds
 */
export function trapezoid(
  lengthMm: number,
  entryMmPerS: number,
  exitMmPerS: number,
  maxMmPerS: number,
  accelMmPerS2: number,
): Block[] {
  const peak = peakSpeed(lengthMm, entryMmPerS, exitMmPerS, maxMmPerS, accelMmPerS2);
  const upMm = Math.max(0, (peak ** 2 - entryMmPerS ** 2) / (2 * accelMmPerS2));
  const downMm = Math.max(0, (peak ** 2 - exitMmPerS ** 2) / (2 * accelMmPerS2));
  const cruiseMm = lengthMm - upMm - downMm;
  const blocks = [
    block(upMm, entryMmPerS, peak),
    block(cruiseMm, peak, peak),
    block(downMm, peak, exitMmPerS),
  ];
  return blocks.filter((each) => each.durationS > 1e-9);
}

/** Time of `trapezoid` without making its blocks: this is called for every segment of a plan. */
export function trapezoidS(
  lengthMm: number,
  entryMmPerS: number,
  exitMmPerS: number,
  maxMmPerS: number,
  accelMmPerS2: number,
): number {
  const peak = peakSpeed(lengthMm, entryMmPerS, exitMmPerS, maxMmPerS, accelMmPerS2);
  const rampS = (2 * peak - entryMmPerS - exitMmPerS) / accelMmPerS2;
  const rampMm =
    (2 * (peak * peak) - entryMmPerS * entryMmPerS - exitMmPerS * exitMmPerS) / (2 * accelMmPerS2);
  const cruiseMm = lengthMm - rampMm;
  return cruiseMm > 0 && peak > 0 ? rampS + cruiseMm / peak : rampS;
}

function peakSpeed(lengthMm: number, entry: number, exit: number, max: number, accel: number): number {
  const reachable = Math.sqrt((2 * accel * lengthMm + entry * entry + exit * exit) / 2);
  return Math.max(entry, exit, Math.min(max, reachable));
}

function block(lengthMm: number, startMmPerS: number, endMmPerS: number): Block {
  const mean = (startMmPerS + endMmPerS) / 2;
  const durationS = lengthMm > 0 && mean > 0 ? lengthMm / mean : 0;
  return { lengthMm, durationS, startMmPerS, endMmPerS };
}
