import type { MotionPlan } from "../../src/shared/plan.ts";

/** A line from (10, 20) to (110, 20) and a dot at (50, 60), with a black pen 0.3 mm wide on A6 that the line leaves. */
export function twoStrokePlan(): MotionPlan {
  const pen = {
    name: "black",
    widthMm: 0.3,
    color: "#000000",
    upPercent: 60,
    downPercent: 40,
    liftS: 0.12,
    dropS: 0.12,
    speedMmPerS: 50,
    accelMmPerS2: 200,
  };
  return {
    page: { widthMm: 105, heightMm: 148 },
    layers: [{ name: "lines & dots", pen, pauseBefore: false, firstStroke: 0, strokes: 2 }],
    points: Float64Array.of(10, 20, 110, 20, 50, 60),
    speeds: Float64Array.of(0, 0, 0),
    strokeStart: Uint32Array.of(0, 2, 3),
    strokeLayer: Uint16Array.of(0, 0),
    strokeStartS: Float64Array.of(0, 3, 4),
    penUp: { speedMmPerS: 200, accelMmPerS2: 400 },
    totals: {
      durationS: 5,
      drawS: 2.25,
      travelS: 2,
      penS: 0.48,
      inkMm: 100,
      travelMm: 172,
      lifts: 2,
      points: 3,
    },
    notes: ["one image left out"],
  };
}
