import type { Plotter } from "../../src/daemon/device/plotter.ts";
import type { Point } from "../../src/shared/geometry.ts";

export interface LineSpeeds {
  /** mm/s and mm/s². */
  readonly speed: number;
  readonly accel: number;
  readonly startSpeed?: number;
  readonly endSpeed?: number;
  /** Longest slice, s. */
  readonly sliceS?: number;
}

/** Draws a straight line with a trapezoid of speeds, in slices, as the motion planner would. */
export async function drawLine(plotter: Plotter, to: Point, speeds: LineSpeeds): Promise<void> {
  const from = plotter.queuedPosition;
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length === 0) return;
  const { accel, startSpeed = 0, endSpeed = 0, sliceS = 0.02 } = speeds;
  const peak = Math.min(speeds.speed, Math.sqrt(accel * length + (startSpeed ** 2 + endSpeed ** 2) / 2));
  const upMm = (peak ** 2 - startSpeed ** 2) / (2 * accel);
  const downMm = (peak ** 2 - endSpeed ** 2) / (2 * accel);
  const phases = [
    { v0: startSpeed, v1: peak, s: (peak - startSpeed) / accel },
    { v0: peak, v1: peak, s: (length - upMm - downMm) / peak },
    { v0: peak, v1: endSpeed, s: (peak - endSpeed) / accel },
  ].filter(({ s }) => s > 1e-9);
  let wayMm = 0;
  for (const { v0, v1, s } of phases) {
    const count = Math.ceil(s / sliceS);
    for (let i = 0; i < count; i++) {
      const startMmPerS = v0 + ((v1 - v0) * i) / count;
      const endMmPerS = v0 + ((v1 - v0) * (i + 1)) / count;
      wayMm += ((startMmPerS + endMmPerS) / 2) * (s / count);
      const share = wayMm / length;
      const point = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
      await plotter.move({ to: point, durationS: s / count, startMmPerS, endMmPerS });
    }
  }
}

/** Draws an arc at constant speed as chords of at most 0.1 mm. */
export async function drawArc(
  plotter: Plotter,
  centre: Point,
  fromDegrees: number,
  sweepDegrees: number,
  speed: number,
): Promise<void> {
  const { x, y } = plotter.queuedPosition;
  const radius = Math.hypot(x - centre.x, y - centre.y);
  const length = (radius * Math.abs(sweepDegrees) * Math.PI) / 180;
  const count = Math.ceil(length / 0.1);
  for (let i = 1; i <= count; i++) {
    const angle = ((fromDegrees + (sweepDegrees * i) / count) * Math.PI) / 180;
    const to = { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
    await plotter.move({ to, durationS: length / count / speed, startMmPerS: speed, endMmPerS: speed });
  }
}
