import type { Drawing } from "../shared/drawing.ts";
import type { MotionPlan } from "../shared/plan.ts";
import type { PlotSettings } from "../shared/plot-settings.ts";
import { placeOnPage } from "./geometry/place.ts";
import { planMotion } from "./motion/plan.ts";
import { optimizeStrokes } from "./optimize/optimize.ts";
import { readSvg } from "./svg/read-svg.ts";
import type { SvgSource } from "./svg/source-text.ts";

/** From an uploaded file to a plan the machine can run. Pure: same input, same plan. */
export function prepare(svg: SvgSource, settings: PlotSettings): MotionPlan {
  return planMotion(arrange(svg, settings), settings.motion);
}

/** The strokes exactly as they will be inked: placed, in machine mm, in drawing order. */
export function arrange(svg: SvgSource, settings: PlotSettings): Drawing {
  return arrangeDrawing(readSvg(svg, settings.reading), settings);
}

/** The same from a drawing that has been read. */
export function arrangeDrawing(drawing: Drawing, settings: PlotSettings): Drawing {
  return optimizeStrokes(placeOnPage(drawing, settings.page), settings.optimize);
}
