import { renameSync, rmSync } from "node:fs";
import { DrawingFile } from "../src/daemon/drawing-file.ts";
import { placeOnPage } from "../src/daemon/geometry/place.ts";
import { keepPlan } from "../src/daemon/jobs/keep-plan.ts";
import { writeMotion } from "../src/daemon/motion/plan.ts";
import { optimizeStrokes } from "../src/daemon/optimize/optimize.ts";
import { readSvg } from "../src/daemon/svg/read-svg.ts";
import type { OptimizePreset, PlotSettings } from "../src/shared/plot-settings.ts";
import { StageClock } from "./plan-result.ts";

/** `node plan-ours.js FILE WIDTH HEIGHT JOIN PRESET [OUT]`: one drawing, from its bytes to its plan on the disk, as the daemon does it. */
const [file, width, height, join, preset, out] = process.argv.slice(2) as [string, ...string[]];

const size = { widthMm: Number(width), heightMm: Number(height) };
const penUp = { speedMmPerS: 200, accelMmPerS2: 400 };
const pen = {
  ...{ name: "black", widthMm: 0.3, color: "#000000", speedMmPerS: 50, accelMmPerS2: 200 },
  ...{ upPercent: 60, downPercent: 40, liftS: 0.12, dropS: 0.12 },
};
const settings: PlotSettings = {
  reading: { toleranceMm: 0.01, layers: "inkscape" },
  page: {
    ...{ envelope: size, paper: size, marginMm: 0, fit: "none", rotate: 0, scale: 1 },
    origin: { x: 0, y: 0 },
  },
  optimize: {
    ...{ preset: preset as OptimizePreset, joinMm: Number(join), keepOrder: false, dropDoubles: true },
    ...{ penUp, penCycleS: pen.liftS + pen.dropS },
  },
  motion: { penUp, junctionDeviationMm: 0.127, pens: [pen], defaultPen: "black", onePen: false },
};

const clock = new StageClock();
const drawing = readSvg(new DrawingFile(file), settings.reading);
clock.lap("read");
const placed = placeOnPage(drawing, settings.page);
clock.lap("place");
const ordered = optimizeStrokes(placed, settings.optimize);
clock.lap("order");
const planFile = `${file}.${process.pid}.plan`;
const plan = keepPlan(planFile, (write) => writeMotion(ordered, settings.motion, write));
clock.lap("plan");
if (out) renameSync(planFile, `${out}-${plan.hash}.plan`);
else rmSync(planFile);
clock.tell(() => ({
  inkMm: plan.totals.inkMm,
  travelMm: plan.totals.travelMm,
  lifts: plan.totals.lifts,
  plannedS: plan.totals.durationS,
}));
