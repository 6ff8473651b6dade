import { openPlanBytes, type PlanFile } from "../../src/daemon/device/plan-file.ts";
import { planMotion } from "../../src/daemon/motion/plan.ts";
import { encodePlan } from "../../src/daemon/motion/plan-codec.ts";
import type { Drawing } from "../../src/shared/drawing.ts";
import type { MotionSettings, PenSettings } from "../../src/shared/plot-settings.ts";

/** A drawing of one nameless layer from lists of points in mm. */
export function drawingOf(...strokes: [number, number][][]): Drawing {
  return {
    page: { widthMm: 297, heightMm: 210 },
    layers: [{ index: 0, name: "", pauseBefore: false }],
    strokes: strokes.map((points) => ({ points: Float64Array.from(points.flat()), layer: 0 })),
    notes: [],
  };
}

export const BLACK: PenSettings = {
  name: "black",
  widthMm: 0.3,
  color: "#000000",
  speedMmPerS: 50,
  accelMmPerS2: 200,
  upPercent: 60,
  downPercent: 40,
  liftS: 0.12,
  dropS: 0.12,
};

export const MOTION: MotionSettings = {
  penUp: { speedMmPerS: 200, accelMmPerS2: 400 },
  junctionDeviationMm: 0.127,
  pens: [BLACK],
  defaultPen: "black",
  onePen: false,
};

/** A plan as the driver reads it, of strokes drawn with the black pen. */
export function planOf(...strokes: [number, number][][]): Promise<PlanFile> {
  return openPlanBytes(encodePlan(planMotion(drawingOf(...strokes), MOTION)));
}
