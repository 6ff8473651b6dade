import type { Stroke } from "../../shared/drawing.ts";
import type { Polyline } from "../../shared/geometry.ts";

/** Leaves out strokes that draw exactly what an earlier one of the same layer draws, in either direction. */
export function dropDoubles(strokes: readonly Stroke[]): Stroke[] {
  const byHash = new Map<number, Stroke[]>();
  return strokes.filter((stroke) => {
    const hash = hashEitherWay(stroke.points);
    const alike = byHash.get(hash);
    if (!alike) {
      byHash.set(hash, [stroke]);
      return true;
    }
    if (alike.some((other) => drawsTheSame(other.points, stroke.points))) return false;
    alike.push(stroke);
    return true;
  });
}

/** The same for a polyline and its reverse: ends and middle, taken together in an order of their own. */
function hashEitherWay(points: Polyline): number {
  const last = points.length - 2;
  let sum = points.length * 7919;
  const step = Math.max(1, Math.ceil(last / 2 / 8));
  for (let i = 0; i <= last / 2; i += step) {
    sum += mix(points[2 * i]!, points[2 * i + 1]!);
    sum += mix(points[last - 2 * i]!, points[last - 2 * i + 1]!);
  }
  return sum;
}

function mix(x: number, y: number): number {
  return Math.imul(Math.round(x * 1e4) | 0, 73856093) ^ Math.imul(Math.round(y * 1e4) | 0, 19349663);
}

function drawsTheSame(a: Polyline, b: Polyline): boolean {
  if (a.length !== b.length) return false;
  return sameForward(a, b) || sameBackward(a, b);
}

function sameForward(a: Polyline, b: Polyline): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function sameBackward(a: Polyline, b: Polyline): boolean {
  const last = a.length - 2;
  for (let i = 0; i <= last; i += 2) {
    if (a[i] !== b[last - i] || a[i + 1] !== b[last - i + 1]) return false;
  }
  return true;
}
