import type { SpeedLimits } from "../../shared/plot-settings.ts";
import { junctionSpeed2 } from "./junction.ts";
import type { StrokeRoom } from "./stroke-room.ts";

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
  const lengths = new Float64Array(speeds.length);
  settleStroke({ points, speeds, lengths }, speeds.length, limits, deviationMm);
}

/**
 * The same where the arrays have more room than the stroke needs.
 *
 * @param stroke its points are read, its speeds and lengths written
 * @param count how many points it has
 */
export function settleStroke(
  stroke: Pick<StrokeRoom, "points" | "speeds" | "lengths">,
  count: number,
  limits: SpeedLimits,
  deviationMm: number,
): void {
  limitByJunctions(stroke, count, limits, deviationMm);
  const { speeds, lengths } = stroke;
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

/** Fills `speeds` with the squared limit of every junction, and `lengths`. */
function limitByJunctions(
  { points, speeds, lengths }: Pick<StrokeRoom, "points" | "speeds" | "lengths">,
  count: number,
  { speedMmPerS, accelMmPerS2 }: SpeedLimits,
  deviationMm: number,
): void {
  const feed2 = speedMmPerS * speedMmPerS;
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
    speeds[i] = i === 0 ? 0 : Math.min(feed2, junctionSpeed2(cosTurn, deviationMm, accelMmPerS2));
    headingX = nextX;
    headingY = nextY;
  }
  speeds[count - 1] = 0;
}
