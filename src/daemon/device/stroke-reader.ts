import { PathProfile } from "../motion/path-profile.ts";
import { BLOCK_POINTS } from "../motion/plan-layout.ts";
import { trapezoidS } from "../motion/trapezoid.ts";
import type { PlanFile, PlannedStroke } from "./plan-file.ts";

/** A point of a stroke. */
export interface Vertex {
  /** Counted from the stroke's first. */
  readonly index: number;
  /** From the beginning of the draw move. */
  readonly mm: number;
  readonly s: number;
}

/** How far to read. */
export interface Extent {
  readonly points: number;
  readonly mm: number;
}

/** The last point of a stroke at or before `mm`; for the very end, the one before the last. */
export async function vertexBefore(plan: PlanFile, stroke: PlannedStroke, mm: number): Promise<Vertex> {
  const { firstPoint, pointCount, layer } = stroke;
  const { block, vertex } = markBefore(plan, stroke, mm);
  const { points, speeds } = await plan.block(block);
  const base = block * BLOCK_POINTS - firstPoint;
  let { index, mm: atMm, s } = vertex;
  for (; index < pointCount - 2; index++) {
    const i = index - base;
    if (i + 1 >= speeds.length) break;
    const segmentMm = Math.hypot(
      points[2 * i + 2]! - points[2 * i]!,
      points[2 * i + 3]! - points[2 * i + 1]!,
    );
    if (atMm + segmentMm > mm) break;
    const { speedMmPerS, accelMmPerS2 } = layer.pen;
    atMm += segmentMm;
    s += trapezoidS(segmentMm, speeds[i]!, speeds[i + 1]!, speedMmPerS, accelMmPerS2);
  }
  return { index, mm: atMm, s };
}

/** Where to begin to look: the stroke's own beginning, or that of the last of its blocks that begins at or before `mm`. */
function markBefore(plan: PlanFile, { firstPoint, pointCount }: PlannedStroke, mm: number) {
  const first = Math.floor(firstPoint / BLOCK_POINTS);
  let low = first;
  let high = Math.floor((firstPoint + Math.max(0, pointCount - 2)) / BLOCK_POINTS);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (plan.mark(middle).mm <= mm) low = middle;
    else high = middle - 1;
  }
  if (low === first) return { block: first, vertex: { index: 0, mm: 0, s: 0 } };
  return { block: low, vertex: { index: low * BLOCK_POINTS - firstPoint, ...plan.mark(low) } };
}

/**
 * A stroke as planned from the point at or before `fromMm` to the one at which both measures of `extent` are reached beyond
 * `fromMm`, or to its end.
 */
export async function readStretch(plan: PlanFile, stroke: PlannedStroke, fromMm: number, extent: Extent) {
  const start = await vertexBefore(plan, stroke, fromMm);
  const points: number[] = [];
  const speeds: number[] = [];
  let lengthMm = start.mm - fromMm;
  let index = start.index;
  for (; index < stroke.pointCount; index++) {
    const at = stroke.firstPoint + index;
    const block = await plan.block(Math.floor(at / BLOCK_POINTS));
    const i = at % BLOCK_POINTS;
    const [x, y] = [block.points[2 * i]!, block.points[2 * i + 1]!];
    const n = points.length;
    if (n > 0) lengthMm += Math.hypot(x - points[n - 2]!, y - points[n - 1]!);
    points.push(x, y);
    speeds.push(block.speeds[i]!);
    if (speeds.length >= extent.points && speeds.length > 1 && lengthMm >= extent.mm) break;
  }
  const path = new PathProfile(Float64Array.from(points), Float64Array.from(speeds), stroke.layer.pen);
  return { path, start, isLast: index >= stroke.pointCount - 1 };
}
