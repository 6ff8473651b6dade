/**
 * Highest speed at which the pen may turn from one segment into the next.
 * The corner is modelled as an arc that leaves it by at most `deviationMm`.
 *
 * @param turnRad change of heading, 0 (straight on) to PI (reversal)
 * @param deviationMm above 0
 * @returns mm/s: Infinity straight on, falling to 0 at a reversal
 * @see https://onehossshay.wordpress.com/2011/09/24/improving_grbl_cornering_algorithm/
 */
export function junctionSpeed(turnRad: number, deviationMm: number, accelMmPerS2: number): number {
  return Math.sqrt(junctionSpeed2(Math.cos(turnRad), deviationMm, accelMmPerS2));
}

/** The square of `junctionSpeed`, from the cosine of the turn: what the hot loop has at hand. */
export function junctionSpeed2(cosTurn: number, deviationMm: number, accelMmPerS2: number): number {
  const sinHalfCorner = Math.sqrt(Math.max(0, (1 + cosTurn) / 2));
  const rest = 1 - sinHalfCorner;
  return rest < 1e-12 ? Infinity : (accelMmPerS2 * deviationMm * sinHalfCorner) / rest;
}
