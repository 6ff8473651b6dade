import type { SpeedLimits } from "../../shared/plot-settings.ts";
import { junctionSpeed2 } from "./junction.ts";

/**
 * Settles the speed at every point of a stroke: 0 at both ends, at each corner no more than its junction allows, and
 * between two points no more change than the acceleration permits. Two linear passes: backward, then forward.
 *
 * @param points x, y in mm, no two neighbours alike
 * @param speeds written: mm/s for each point
 */
export function settleSpeeds(
  points: Float64Array,
  speeds: Float64Array,
  limits: SpeedLimits,
  deviationMm: number,
): void {
  const count = points.length / 2;
  const lengths = limitByJunctions(points, speeds, limits, deviationMm);
  const twoAccel = 2 * limits.accelMmPerS2;
  for (let i = count - 2; i >= 0; i--) {
    const most = speeds[i + 1]! + twoAccel * lengths[i]!;
    if (speeds[i]! > most) speeds[i] = most;
  }
  for (let i = 1; i < count; i++) {
    const most = speeds[i - 1]! + twoAccel * lengths[i - 1]!;
    if (speeds[i]! > most) speeds[i] = most;
  }
  for (let i = 0; i < count; i++) speeds[i] = Math.sqrt(speeds[i]!);
}

/** Lengths of the segments of the stroke in hand: strokes come by the hundred thousand. */
let scratch = new Float64Array(1024);

/** Fills `speeds` with the squared limit of every junction. @returns the length of each segment, mm */
function limitByJunctions(
  points: Float64Array,
  speeds: Float64Array,
  limits: SpeedLimits,
  deviationMm: number,
): Float64Array {
  const count = points.length / 2;
  if (scratch.length < count) scratch = new Float64Array(2 * count);
  const lengths = scratch;
  const feed2 = limits.speedMmPerS ** 2;
  let headingX = 0;
  let headingY = 0;
  for (let i = 0; i < count - 1; i++) {
    const dx = points[2 * i + 2]! - points[2 * i]!;
    const dy = points[2 * i + 3]! - points[2 * i + 1]!;
    const length = Math.sqrt(dx * dx + dy * dy);
    lengths[i] = length;
    const nextX = dx / length;
    const nextY = dy / length;
    const cosTurn = headingX * nextX + headingY * nextY;
    speeds[i] = i === 0 ? 0 : Math.min(feed2, junctionSpeed2(cosTurn, deviationMm, limits.accelMmPerS2));
    headingX = nextX;
    headingY = nextY;
  }
  speeds[count - 1] = 0;
  return lengths;
}
