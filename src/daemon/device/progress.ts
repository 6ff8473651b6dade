import { kindOfMove, type PlanPosition } from "../../shared/plan.ts";
import type { JobReport } from "./driver-messages.ts";
import type { PlanFile, PlannedStroke } from "./plan-file.ts";
import { startOf } from "./plot-stream.ts";
import { readStretch } from "./stroke-reader.ts";

/** Says what a position means in time, points and layers. */
export async function progressAt(plan: PlanFile, at: PlanPosition): Promise<JobReport> {
  const { stroke: index, fromMm } = startOf(at, plan.strokeCount);
  if (index >= plan.strokeCount) return onTheWayHome(plan, at);
  const stroke = await plan.stroke(index);
  const isDrawing = kindOfMove(at.move) === "draw";
  const within = isDrawing ? await drawnOf(plan, stroke, fromMm) : { s: 0, points: 0 };
  const { layerIndex, firstPoint, inkBeforeMm } = stroke;
  return {
    at,
    ...inTime(plan, isDrawing ? drawStartS(stroke) + within.s : stroke.startS),
    layer: layerIndex,
    pointsPlotted: firstPoint + within.points,
    inkMm: inkBeforeMm + (isDrawing ? fromMm : 0),
    strokes: index,
  };
}

async function onTheWayHome(plan: PlanFile, at: PlanPosition): Promise<JobReport> {
  const { endS, inkBeforeMm, lengthMm } = await plan.stroke(plan.strokeCount - 1);
  return {
    at,
    ...inTime(plan, endS),
    layer: plan.head.layers.length - 1,
    pointsPlotted: plan.head.totals.points,
    inkMm: inkBeforeMm + lengthMm,
    strokes: plan.strokeCount,
  };
}

function inTime({ head }: PlanFile, doneS: number): { progress: number; remainingS: number } {
  const { durationS } = head.totals;
  return { progress: Math.min(1, doneS / durationS), remainingS: Math.max(0, durationS - doneS) };
}

async function drawnOf(plan: PlanFile, stroke: PlannedStroke, mm: number) {
  const { path, start } = await readStretch(plan, stroke, mm, { points: 2, mm: 0 });
  return { s: start.s + path.timeAt(mm - start.mm), points: start.index + 1 };
}

/** The end of the stroke's draw move is its lift's start, which is known from the next stroke's start. */
function drawStartS({ endS, drawS, layer }: PlannedStroke): number {
  return endS - layer.pen.liftS - drawS;
}
