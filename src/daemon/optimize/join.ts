import type { Stroke } from "../../shared/drawing.ts";
import type { Polyline } from "../../shared/geometry.ts";

/**
 * Joins each stroke to the one before it in the same layer where the gap is at most `joinMm`. No point is moved or dropped: the
 * pen goes on from the one end to the other. (Two ends at the very same place are one point.)
 */
export function joinConsecutive(strokes: readonly Stroke[], joinMm: number): Stroke[] {
  const joined: Stroke[] = [];
  let run: Stroke[] = [];
  for (const stroke of strokes) {
    const previous = run[run.length - 1];
    if (previous && !(previous.layer === stroke.layer && gap(previous.points, stroke.points) <= joinMm)) {
      joined.push(merge(run));
      run = [];
    }
    run.push(stroke);
  }
  if (run.length > 0) joined.push(merge(run));
  return joined;
}

function gap(a: Polyline, b: Polyline): number {
  return Math.hypot(b[0]! - a[a.length - 2]!, b[1]! - a[a.length - 1]!);
}

function merge(run: readonly Stroke[]): Stroke {
  const first = run[0]!;
  if (run.length === 1) return first;
  let length = 0;
  for (const { points } of run) length += points.length;
  const merged = new Float64Array(length);
  let at = 0;
  for (const { points } of run) {
    const isSamePlace = at > 0 && points[0] === merged[at - 2] && points[1] === merged[at - 1];
    const rest = isSamePlace ? points.subarray(2) : points;
    merged.set(rest, at);
    at += rest.length;
  }
  return { ...first, points: at === length ? merged : merged.slice(0, at) };
}
