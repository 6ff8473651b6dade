import { type PlanShape, strokeAt } from "../../../shared/plan-view.ts";
import type { PenPlace } from "./canvas.ts";

/** How far off its line the pen may be reported: positions are rounded and a moment old. */
const OFF_MM = 0.5;
/** Segments that the pen may be ahead of the count of points. */
const AHEAD = 40;

type Piece = readonly [x0: number, y0: number, x1: number, y1: number];

/**
 * What a lowered pen has inked since the last point that was counted: along the stroke to where it is. Nothing when it is
 * not on the stroke within reach, rather than a line that is not in the drawing.
 *
 * @param plotted points of the plan that are done, at least 1
 */
export function inkUnderPen(plan: PlanShape, plotted: number, pen: PenPlace): Piece[] {
  const { points, strokeStart } = plan;
  const last = strokeStart[strokeAt(strokeStart, plotted - 1) + 1]! - 1;
  const pieces: Piece[] = [];
  for (let i = plotted - 1; i < Math.min(last, plotted + AHEAD); i++) {
    const x0 = points[2 * i]!;
    const y0 = points[2 * i + 1]!;
    const dx = points[2 * i + 2]! - x0;
    const dy = points[2 * i + 3]! - y0;
    const along = ((pen.x - x0) * dx + (pen.y - y0) * dy) / (dx * dx + dy * dy || 1);
    const t = Math.min(1, Math.max(0, along));
    if (Math.hypot(pen.x - x0 - t * dx, pen.y - y0 - t * dy) <= OFF_MM) {
      return [...pieces, [x0, y0, x0 + t * dx, y0 + t * dy]];
    }
    pieces.push([x0, y0, x0 + dx, y0 + dy]);
  }
  return [];
}
