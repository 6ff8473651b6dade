import type { Drawing } from "../shared/drawing.ts";
import type { MotionPlan } from "../shared/plan.ts";
import type { PlotSettings } from "../shared/plot-settings.ts";
import { placeOnPage } from "./geometry/place.ts";
import { planMotion } from "./motion/plan.ts";
import { optimizeStrokes } from "./optimize/optimize.ts";
import { readSvg } from "./svg/read-svg.ts";

/** From an uploaded file to a plan the machine can run. Pure: same input, same plan. */
export function prepare(svg: Uint8Array | string, settings: PlotSettings): MotionPlan {
  return planMotion(arrange(svg, settings), settings.motion);
}

/** The strokes exactly as they will be inked: placed, in machine mm, in drawing order. */
export function arrange(svg: Uint8Array | string, settings: PlotSettings): Drawing {
  const drawing = readSvg(svg, settings.reading);
  const placed = placeOnPage(drawing, settings.page);
  return optimizeStrokes(placed, settings.optimize);
}
