/** Points, boxes and matrices. Coordinates are mm from the origin, x right, y down, unless a name says otherwise. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An upright box in mm; empty when `minX > maxX`. */
export interface Bounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export const EMPTY_BOUNDS: Bounds = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };

/** Width and height in mm. */
export interface Size {
  readonly widthMm: number;
  readonly heightMm: number;
}

/**
 * A polyline as one flat array `x0, y0, x1, y1, …` in mm. A drawing may hold a million points, and an object
 * a point would cost ten times the memory.
 */
export type Polyline = Float64Array;

export function pointAt(polyline: Polyline, index: number): Point {
  return { x: polyline[2 * index]!, y: polyline[2 * index + 1]! };
}

export function pointCount(polyline: Polyline): number {
  return polyline.length / 2;
}

/** Length in mm along the polyline. */
export function polylineLength(polyline: Polyline): number {
  let lengthMm = 0;
  for (let i = 2; i < polyline.length; i += 2) {
    lengthMm += Math.hypot(polyline[i]! - polyline[i - 2]!, polyline[i + 1]! - polyline[i - 1]!);
  }
  return lengthMm;
}

export function boundsOf(polylines: Iterable<Polyline>): Bounds {
  let { minX, minY, maxX, maxY } = EMPTY_BOUNDS;
  for (const polyline of polylines) {
    for (let i = 0; i < polyline.length; i += 2) {
      const x = polyline[i]!;
      const y = polyline[i + 1]!;
      if (x < minX) minX = x;
      if (x > maxX) maxX = x;
      if (y < minY) minY = y;
      if (y > maxY) maxY = y;
    }
  }
  return { minX, minY, maxX, maxY };
}
