import { type SoftLimits, sCurve } from "../s-curve.ts";
import type { Block } from "./trapezoid.ts";

/** An S-curve from rest to rest as blocks, one a phase. */
export function softBlocks(lengthMm: number, limits: SoftLimits): Block[] {
  const jerk = limits.jerkMmPerS3;
  const { jerkS, evenS, cruiseS } = sCurve(lengthMm, limits);
  return blocksOf(0, 0, [
    ...[phase(jerkS, jerk), phase(evenS, 0), phase(jerkS, -jerk)],
    phase(cruiseS, 0),
    ...[phase(jerkS, -jerk), phase(evenS, 0), phase(jerkS, jerk)],
  ]);
}

/**
 * The shortest way to rest from a speed and an acceleration within the limits. An acceleration above 0 is taken back first, so
 * the speed still rises a little. It is never longer than what is left of the S-curve that passes here so.
 */
export function softStop(speedMmPerS: number, accelMmPerS2: number, limits: SoftLimits): Block[] {
  const jerk = limits.jerkMmPerS3;
  const risenBy = accelMmPerS2 ** 2 / 2 / jerk;
  const isLastPhase = accelMmPerS2 < 0 && speedMmPerS <= risenBy * (1 + 1e-9);
  if (isLastPhase) {
    const stop = phase((-2 * speedMmPerS) / accelMmPerS2, accelMmPerS2 ** 2 / 2 / speedMmPerS);
    return blocksOf(speedMmPerS, accelMmPerS2, [stop]);
  }
  const decel = Math.min(limits.accelMmPerS2, Math.sqrt(jerk * (speedMmPerS + risenBy)));
  const evenS = (speedMmPerS + risenBy - decel ** 2 / jerk) / decel;
  return blocksOf(speedMmPerS, accelMmPerS2, [
    phase((accelMmPerS2 + decel) / jerk, -jerk),
    phase(evenS, 0),
    phase(decel / jerk, jerk),
  ]);
}

interface Phase {
  readonly durationS: number;
  readonly jerkMmPerS3: number;
}

/** Shorter than this nothing moves; rounding leaves such phases. */
const NO_TIME_S = 1e-9;

function phase(durationS: number, jerkMmPerS3: number): Phase {
  return { durationS, jerkMmPerS3 };
}

function blocksOf(speedMmPerS: number, accelMmPerS2: number, phases: readonly Phase[]): Block[] {
  const blocks: Block[] = [];
  let [startMmPerS, accel] = [speedMmPerS, accelMmPerS2];
  for (const { durationS, jerkMmPerS3 } of phases) {
    if (durationS <= NO_TIME_S) continue;
    const endMmPerS = Math.max(0, startMmPerS + accel * durationS + (jerkMmPerS3 * durationS ** 2) / 2);
    const lengthMm =
      startMmPerS * durationS + (accel * durationS ** 2) / 2 + (jerkMmPerS3 * durationS ** 3) / 6;
    const endAccel = accel + jerkMmPerS3 * durationS;
    blocks.push({ lengthMm, durationS, startMmPerS, endMmPerS, jerkMmPerS3, accels: [accel, endAccel] });
    accel = endAccel;
    startMmPerS = endMmPerS;
  }
  return blocks;
}
