import type { Stroke } from "../../shared/drawing.ts";
import type { Polyline } from "../../shared/geometry.ts";
import { PointArena } from "../svg/point-arena.ts";

/**
 * Joins each stroke to the one before it in the same layer where the gap is at most `joinMm`. No point is moved or dropped: the
 * pen goes on from the one end to the other. (Two ends at the very same place are one point.)
 */
export function joinConsecutive(strokes: readonly Stroke[], joinMm: number): Stroke[] {
  const joined: Stroke[] = [];
  const arena = new PointArena();
  for (let from = 0, to = 1; from < strokes.length; from = to++) {
    while (to < strokes.length && isJoined(strokes[to - 1]!, strokes[to]!, joinMm)) to++;
    joined.push(to === from + 1 ? strokes[from]! : merge(strokes, from, to, arena));
  }
  return joined;
}

function isJoined(a: Stroke, b: Stroke, joinMm: number): boolean {
  if (a.layer !== b.layer) return false;
  const dx = b.points[0]! - a.points[a.points.length - 2]!;
  const dy = b.points[1]! - a.points[a.points.length - 1]!;
  return dx * dx + dy * dy <= joinMm * joinMm;
}

/** Strokes `from … to - 1` as one. */
function merge(strokes: readonly Stroke[], from: number, to: number, arena: PointArena): Stroke {
  let length = strokes[from]!.points.length;
  for (let s = from + 1; s < to; s++) {
    length += strokes[s]!.points.length - (meet(strokes[s - 1]!.points, strokes[s]!.points) ? 2 : 0);
  }
  const merged = arena.take(length);
  let at = 0;
  for (let s = from; s < to; s++) {
    const { points } = strokes[s]!;
    const isSamePlace = s > from && meet(strokes[s - 1]!.points, points);
    for (let i = isSamePlace ? 2 : 0; i < points.length; i++) merged[at++] = points[i]!;
  }
  const { layer, color } = strokes[from]!;
  return { points: merged, layer, color };
}

/** Two ends at the very same place. */
function meet(a: Polyline, b: Polyline): boolean {
  return b[0] === a[a.length - 2] && b[1] === a[a.length - 1];
}
