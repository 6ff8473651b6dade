import type { DotGrid } from "./dot-grid.ts";

/** A plan's strokes in drawing order, flat: stroke `s` owns the points `strokeStart[s] … strokeStart[s + 1] - 1`. */
export interface PlanShape {
  /** x, y in machine mm of every point. */
  readonly points: Float64Array;
  readonly strokeStart: Uint32Array;
}

/** Which part of a drawing is looked at. Zoom 1 shows all of it; the centre is in shares of its size, 0.5 in the middle. */
export interface Look {
  readonly zoom: number;
  readonly centerX: number;
  readonly centerY: number;
}

export const LOOK_AT_ALL: Look = { zoom: 1, centerX: 0.5, centerY: 0.5 };

/** From machine mm to dots: `x * scaleX + shiftX`. */
export interface Projection {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

/** The whole plan as large as the grid allows, undistorted and in its middle; with a look, as much larger as it zooms. */
export function projectPlan(plan: PlanShape, grid: DotGrid, look: Look = LOOK_AT_ALL): Projection {
  const { left, top, right, bottom } = boundsOf(plan);
  const { aspect } = grid.shape;
  const wide = Math.max(right - left, 1e-6);
  const high = Math.max(bottom - top, 1e-6);
  const room = (dots: number) => Math.max(0.5, dots - 1); // a single row still has some room in it
  const fit = Math.min(room(grid.width) / wide, (room(grid.height) * aspect) / high);
  const scaleX = fit * look.zoom;
  const scaleY = scaleX / aspect;
  return {
    scaleX,
    scaleY,
    shiftX: grid.width / 2 - (left + look.centerX * wide) * scaleX,
    shiftY: grid.height / 2 - (top + look.centerY * high) * scaleY,
  };
}

/** Sets the dots of the points `first … end - 1`, joined where they are of one stroke; point `first` to its forerunner too. */
export function drawInk(
  plan: PlanShape,
  grid: DotGrid,
  projection: Projection,
  first: number,
  end: number,
): void {
  const { points, strokeStart } = plan;
  const { scaleX, scaleY, shiftX, shiftY } = projection;
  let stroke = strokeAt(strokeStart, first);
  for (let i = first; i < end; i++) {
    while (strokeStart[stroke + 1]! <= i) stroke += 1;
    const x = points[2 * i]! * scaleX + shiftX;
    const y = points[2 * i + 1]! * scaleY + shiftY;
    if (i === strokeStart[stroke]) grid.dot(x, y);
    else grid.line(points[2 * i - 2]! * scaleX + shiftX, points[2 * i - 1]! * scaleY + shiftY, x, y);
  }
}

/** Sets the dots of the ways with the pen up: from the origin to the first stroke, between strokes, and home. */
export function drawTravel(plan: PlanShape, grid: DotGrid, projection: Projection): void {
  const { points, strokeStart } = plan;
  const { scaleX, scaleY, shiftX, shiftY } = projection;
  let x = shiftX;
  let y = shiftY;
  for (let stroke = 0; stroke + 1 < strokeStart.length; stroke++) {
    const first = strokeStart[stroke]!;
    const last = strokeStart[stroke + 1]! - 1;
    grid.line(x, y, points[2 * first]! * scaleX + shiftX, points[2 * first + 1]! * scaleY + shiftY);
    x = points[2 * last]! * scaleX + shiftX;
    y = points[2 * last + 1]! * scaleY + shiftY;
  }
  if (strokeStart.length > 1) grid.line(x, y, shiftX, shiftY);
}

/** The stroke that owns a point. */
export function strokeAt(strokeStart: Uint32Array, point: number): number {
  let low = 0;
  let high = Math.max(0, strokeStart.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (strokeStart[middle]! <= point) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function boundsOf({ points }: PlanShape): {
  left: number;
  top: number;
  right: number;
  bottom: number;
} {
  if (points.length === 0) return { left: 0, top: 0, right: 1, bottom: 1 };
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]!);
    right = Math.max(right, points[i]!);
    top = Math.min(top, points[i + 1]!);
    bottom = Math.max(bottom, points[i + 1]!);
  }
  return { left, top, right, bottom };
}
