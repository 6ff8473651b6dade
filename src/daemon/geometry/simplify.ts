import type { Polyline } from "../../shared/geometry.ts";

/**
 * Drops repeated points and points that lie within `toleranceMm` of the line that is left without them. Kept points are
 * not moved, and the first and the last are always kept. One pass: from each kept point goes the cone of directions that
 * pass every dropped point closely enough.
 */
export function simplify(points: Polyline, toleranceMm: number): Polyline {
  const kept = new Float64Array(points.length);
  return kept.slice(0, simplifyInto(points, points.length, toleranceMm, kept));
}

/** @returns how many numbers were written to `kept`; a polyline that never moves becomes a single point */
export function simplifyInto(
  points: Float64Array,
  length: number,
  toleranceMm: number,
  kept: Float64Array,
): number {
  let anchorX = points[0]!;
  let anchorY = points[1]!;
  kept[0] = anchorX;
  kept[1] = anchorY;
  let count = 2;
  let hasCandidate = false;
  let candidateX = 0;
  let candidateY = 0;
  let farthest2 = 0;
  /** The cone: unit vectors of its two edges. */
  let leftX = 0;
  let leftY = 0;
  let rightX = 0;
  let rightY = 0;
  let isConeOpen = false;
  const tolerance2 = toleranceMm * toleranceMm;
  for (let i = 2; i < length; i += 2) {
    const x = points[i]!;
    const y = points[i + 1]!;
    let dx = x - anchorX;
    let dy = y - anchorY;
    let distance2 = dx * dx + dy * dy;
    if (hasCandidate) {
      const insideCone = !isConeOpen || (leftX * dy - leftY * dx <= 0 && rightX * dy - rightY * dx >= 0);
      if (!insideCone || distance2 < farthest2) {
        kept[count++] = candidateX;
        kept[count++] = candidateY;
        anchorX = candidateX;
        anchorY = candidateY;
        dx = x - anchorX;
        dy = y - anchorY;
        distance2 = dx * dx + dy * dy;
        hasCandidate = false;
        isConeOpen = false;
        farthest2 = 0;
      }
    }
    if (distance2 === 0 && !hasCandidate) continue;
    hasCandidate = true;
    candidateX = x;
    candidateY = y;
    farthest2 = distance2;
    if (distance2 <= tolerance2) continue;
    // Edges of the directions that pass this point within the tolerance.
    const distance = Math.sqrt(distance2);
    const sin = toleranceMm / distance;
    const cos = Math.sqrt(1 - sin * sin);
    const ux = dx / distance;
    const uy = dy / distance;
    const newLeftX = ux * cos - uy * sin;
    const newLeftY = uy * cos + ux * sin;
    const newRightX = ux * cos + uy * sin;
    const newRightY = uy * cos - ux * sin;
    if (!isConeOpen || leftX * newLeftY - leftY * newLeftX < 0) {
      leftX = newLeftX;
      leftY = newLeftY;
    }
    if (!isConeOpen || rightX * newRightY - rightY * newRightX > 0) {
      rightX = newRightX;
      rightY = newRightY;
    }
    isConeOpen = true;
  }
  if (hasCandidate) {
    kept[count++] = candidateX;
    kept[count++] = candidateY;
  }
  return count;
}
