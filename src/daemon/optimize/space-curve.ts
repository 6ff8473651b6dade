import type { Stroke } from "../../shared/drawing.ts";

const CELLS = 1024;

/**
 * The strokes in the order in which a curve that fills the plane (Z-order) passes their starts: what lies together on paper then
 * lies together in memory, which makes the search several times faster.
 */
export function alongCurve(strokes: readonly Stroke[]): Stroke[] {
  const count = strokes.length;
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let s = 0; s < count; s++) {
    const { points } = strokes[s]!;
    const x = points[0]!;
    const y = points[1]!;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  const perMm = (CELLS - 1) / Math.max(maxX - minX, maxY - minY, 1e-9);
  const keys = new Float64Array(count);
  for (let s = 0; s < count; s++) {
    const { points } = strokes[s]!;
    const place = spread((points[0]! - minX) * perMm) + 2 * spread((points[1]! - minY) * perMm);
    keys[s] = place * 2 ** 24 + s;
  }
  keys.sort();
  const sorted = new Array<Stroke>(count);
  for (let i = 0; i < count; i++) sorted[i] = strokes[keys[i]! % 2 ** 24]!;
  return sorted;
}

/** The ten bits of a whole number with a gap after each. */
function spread(value: number): number {
  let bits = value & 1023;
  bits = (bits | (bits << 8)) & 0x00ff00ff;
  bits = (bits | (bits << 4)) & 0x0f0f0f0f;
  bits = (bits | (bits << 2)) & 0x33333333;
  return (bits | (bits << 1)) & 0x55555555;
}
