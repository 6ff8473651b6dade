import type { Point } from "../../shared/geometry.ts";
import type { MotionPlan } from "../../shared/plan.ts";
import type { TravelLimits } from "../../shared/plot-settings.ts";
import { isSoft, sCurveS } from "../s-curve.ts";
import { settleSpeeds } from "./lookahead.ts";
import { trapezoidS } from "./trapezoid.ts";

/** A path with a settled speed at each point: what a stroke, the rest of one, or a travel looks like to the machine. */
export class PathProfile {
  readonly points: Float64Array;
  readonly speeds: Float64Array;
  /** With a jerk it is a travel: one straight piece from rest to rest. */
  readonly limits: TravelLimits;
  /** mm and s from the start of the path to each point. */
  readonly atMm: Float64Array;
  readonly atS: Float64Array;

  constructor(points: Float64Array, speeds: Float64Array, limits: TravelLimits) {
    this.points = points;
    this.speeds = speeds;
    this.limits = limits;
    const count = points.length / 2;
    this.atMm = new Float64Array(count);
    this.atS = new Float64Array(count);
    for (let i = 1; i < count; i++) {
      const mm = Math.hypot(points[2 * i]! - points[2 * i - 2]!, points[2 * i + 1]! - points[2 * i - 1]!);
      const { speedMmPerS, accelMmPerS2 } = limits;
      this.atMm[i] = this.atMm[i - 1]! + mm;
      const s = isSoft(limits)
        ? sCurveS(mm, limits)
        : trapezoidS(mm, speeds[i - 1]!, speeds[i]!, speedMmPerS, accelMmPerS2);
      this.atS[i] = this.atS[i - 1]! + s;
    }
  }

  get lengthMm(): number {
    return this.atMm.at(-1) ?? 0;
  }

  get durationS(): number {
    return this.atS.at(-1) ?? 0;
  }

  /** Index of the segment that holds the point `mm` along the path. */
  segmentAt(mm: number): number {
    let low = 0;
    let high = Math.max(0, this.atMm.length - 2);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.atMm[middle]! <= mm) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  pointAt(mm: number): Point {
    const { points, atMm } = this;
    const i = this.segmentAt(mm);
    if (atMm.length < 2) return { x: points[0]!, y: points[1]! };
    const segmentMm = atMm[i + 1]! - atMm[i]!;
    const share = Math.min(1, Math.max(0, (mm - atMm[i]!) / segmentMm));
    return {
      x: points[2 * i]! + share * (points[2 * i + 2]! - points[2 * i]!),
      y: points[2 * i + 1]! + share * (points[2 * i + 3]! - points[2 * i + 1]!),
    };
  }

  /** Planned time from the start to `mm` along, s; linear inside a segment, which is near enough for progress. */
  timeAt(mm: number): number {
    if (this.atMm.length < 2) return 0;
    const i = this.segmentAt(mm);
    const share = Math.min(1, Math.max(0, (mm - this.atMm[i]!) / (this.atMm[i + 1]! - this.atMm[i]!)));
    return this.atS[i]! + share * (this.atS[i + 1]! - this.atS[i]!);
  }
}

/** Stroke `s` of a plan from `fromMm` along it to its end, starting and ending at rest. */
export function strokeProfile(plan: MotionPlan, s: number, fromMm: number, deviationMm: number): PathProfile {
  const [from, to] = [plan.strokeStart[s]!, plan.strokeStart[s + 1]!];
  const pen = plan.layers[plan.strokeLayer[s]!]!.pen;
  const whole = new PathProfile(plan.points.subarray(2 * from, 2 * to), plan.speeds.subarray(from, to), pen);
  if (fromMm <= 0) return whole;
  const rest = restOfPath(whole, fromMm);
  const speeds = new Float64Array(rest.length / 2);
  settleSpeeds(rest, speeds, pen, deviationMm);
  return new PathProfile(rest, speeds, pen);
}

/** A straight pen-up travel from rest to rest; an S-curve where the jerk has a limit. */
export function travelProfile(from: Point, to: Point, penUp: TravelLimits): PathProfile {
  return new PathProfile(Float64Array.of(from.x, from.y, to.x, to.y), new Float64Array(2), penUp);
}

function restOfPath(path: PathProfile, fromMm: number): Float64Array {
  const start = path.pointAt(fromMm);
  let next = path.segmentAt(fromMm) + 1;
  const isOnVertex = path.atMm[next] !== undefined && path.atMm[next]! - fromMm < 1e-6;
  if (isOnVertex) next++;
  const rest = new Float64Array(2 + Math.max(0, path.points.length - 2 * next));
  rest[0] = start.x;
  rest[1] = start.y;
  rest.set(path.points.subarray(2 * next), 2);
  return rest;
}
