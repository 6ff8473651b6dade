import type { Stroke } from "../../shared/drawing.ts";
import type { Point } from "../../shared/geometry.ts";

/**
 * The ends of a layer's strokes, by number: stroke `s` starts at end `2 s` and ends at `2 s + 1`, so `end ^ 1` is the other end
 * of the same stroke, and a stroke drawn in a direction is named by the end where the pen comes in. After the strokes comes one
 * more of no length that stands for the way home: a tour is then a circle through all of them.
 */
export interface Endpoints {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Strokes, without the way home. */
  readonly strokes: number;
}

/** @param start where the pen is before the layer; @param finish where it goes after it */
export function endpointsOf(strokes: readonly Stroke[], start: Point, finish: Point): Endpoints {
  const count = strokes.length;
  const x = new Float64Array(2 * count + 2);
  const y = new Float64Array(2 * count + 2);
  for (let s = 0; s < count; s++) {
    const { points } = strokes[s]!;
    x[2 * s] = points[0]!;
    y[2 * s] = points[1]!;
    x[2 * s + 1] = points[points.length - 2]!;
    y[2 * s + 1] = points[points.length - 1]!;
  }
  // The pen comes in to the way home at the finish and goes out of it at the start.
  x[2 * count] = finish.x;
  y[2 * count] = finish.y;
  x[2 * count + 1] = start.x;
  y[2 * count + 1] = start.y;
  return { x, y, strokes: count };
}
