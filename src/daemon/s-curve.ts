import type { SpeedLimits, TravelLimits } from "../shared/plot-settings.ts";

/** Limits of a motion that has its acceleration change evenly. */
export interface SoftLimits extends SpeedLimits {
  readonly jerkMmPerS3: number;
}

/** The fastest way from rest to rest within a jerk: a ramp up, a cruise, and the same ramp down. */
export interface SCurve {
  readonly peakMmPerS: number;
  /** How long the acceleration rises, and falls again, in each ramp. */
  readonly jerkS: number;
  /** How long it is at its highest in between. */
  readonly evenS: number;
  readonly cruiseS: number;
}

/**
 *     speed        __________
 *                .'          '.        Seven phases; short hops have no cruise, the shortest
 *               /              \       never get to the highest acceleration and have four.
 *     _______.'                  '.___
 *     phase  1  2  3    4    5  6  7
 *
 * A ramp to a speed v takes `v / accel + accel / jerk`, or `2 sqrt(v / jerk)` where the acceleration is not reached, and
 * covers half of v times that.
 */
export function sCurve(lengthMm: number, limits: SoftLimits): SCurve {
  const { speedMmPerS, accelMmPerS2: accel, jerkMmPerS3: jerk } = limits;
  const peakMmPerS = Math.min(speedMmPerS, peakWithoutCruise(lengthMm, accel, jerk));
  const jerkS = Math.min(accel / jerk, Math.sqrt(peakMmPerS / jerk));
  const evenS = Math.max(0, peakMmPerS / accel - accel / jerk);
  const rampS = 2 * jerkS + evenS;
  const cruiseS = peakMmPerS < speedMmPerS ? 0 : Math.max(0, lengthMm / peakMmPerS - rampS);
  return { peakMmPerS, jerkS, evenS, cruiseS };
}

/** Time of `sCurve`, s. */
export function sCurveS(lengthMm: number, limits: SoftLimits): number {
  const { jerkS, evenS, cruiseS } = sCurve(lengthMm, limits);
  return 2 * (2 * jerkS + evenS) + cruiseS;
}

export function isSoft(limits: TravelLimits): limits is SoftLimits {
  return limits.jerkMmPerS3 !== undefined;
}

/** The speed at which two ramps cover the length. */
function peakWithoutCruise(lengthMm: number, accel: number, jerk: number): number {
  const jerkS = accel / jerk;
  if (lengthMm < 2 * accel * jerkS ** 2) return Math.cbrt((lengthMm ** 2 * jerk) / 4);
  return (accel / 2) * (Math.sqrt(jerkS ** 2 + (4 * lengthMm) / accel) - jerkS);
}
