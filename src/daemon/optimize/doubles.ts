import type { Stroke } from "../../shared/drawing.ts";
import type { Polyline } from "../../shared/geometry.ts";

/** Leaves out strokes that draw exactly what an earlier one of the same layer draws, in either direction. */
export function dropDoubles(strokes: readonly Stroke[]): Stroke[] {
  const kept: Stroke[] = [];
  const slots = 2 ** Math.ceil(Math.log2(2 * strokes.length + 2));
  /** By hash: the last stroke kept there, and for each kept one the one before it in its slot; counted from 1. */
  const heads = new Int32Array(slots);
  const before = new Int32Array(strokes.length + 1);
  const hashes = new Int32Array(strokes.length + 1);
  for (const stroke of strokes) {
    const { points } = stroke;
    const hash = hashEitherWay(points);
    const slot = (Math.imul(hash, 0x9e3779b1) >>> 8) & (slots - 1);
    let other = heads[slot]!;
    while (other !== 0 && !(hashes[other] === hash && drawsTheSame(kept[other - 1]!.points, points))) {
      other = before[other]!;
    }
    if (other !== 0) continue;
    kept.push(stroke);
    hashes[kept.length] = hash;
    before[kept.length] = heads[slot]!;
    heads[slot] = kept.length;
  }
  return kept;
}

/** The same for a polyline and its reverse: ends and middle, taken together in an order of their own. */
function hashEitherWay(points: Polyline): number {
  const last = points.length - 2;
  let sum = points.length * 7919;
  const step = Math.max(1, Math.ceil(last / 2 / 8));
  for (let i = 0; i <= last / 2; i += step) {
    sum = (sum + mix(points[2 * i]!, points[2 * i + 1]!)) | 0;
    sum = (sum + mix(points[last - 2 * i]!, points[last - 2 * i + 1]!)) | 0;
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
