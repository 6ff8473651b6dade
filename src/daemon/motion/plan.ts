import type { Drawing, Layer, Stroke } from "../../shared/drawing.ts";
import { PlottyError } from "../../shared/errors.ts";
import type { MotionPlan, PlannedLayer, PlanTotals } from "../../shared/plan.ts";
import type { MotionSettings, PenSettings } from "../../shared/plot-settings.ts";
import { controlledPen } from "./layer-control.ts";
import { settleSpeeds } from "./lookahead.ts";
import { trapezoidS } from "./trapezoid.ts";

/** Neighbours closer than this are one point, mm: far below a motor step. */
const SAME_POINT_MM = 1e-6;

/**
 * Strokes in drawing order to motion: constant acceleration, corners by junction deviation, full stops where the pen moves.
 * Pure. Throws `plan.empty` when there is nothing to draw.
 */
export function planMotion(drawing: Drawing, settings: MotionSettings): MotionPlan {
  const strokes = drawing.strokes.filter((stroke) => stroke.points.length > 0);
  if (strokes.length === 0) {
    const why = drawing.notes.length > 0 ? ` (${drawing.notes.join("; ")})` : "";
    throw new PlottyError("plan.empty", `there is nothing to draw in this file${why}`);
  }
  const notes = [...drawing.notes];
  const { layers, strokeLayer } = planLayers(drawing, strokes, settings, notes);
  const { points, strokeStart } = gatherPoints(strokes);
  const speeds = new Float64Array(points.length / 2);
  for (let s = 0; s < strokes.length; s++) {
    const [from, to] = [strokeStart[s]!, strokeStart[s + 1]!];
    const pen = layers[strokeLayer[s]!]!.pen;
    const stroke = points.subarray(2 * from, 2 * to);
    settleSpeeds(stroke, speeds.subarray(from, to), pen, settings.junctionDeviationMm);
  }
  const untimed = {
    page: drawing.page,
    layers,
    points,
    speeds,
    strokeStart,
    strokeLayer,
    penUp: settings.penUp,
    notes,
  };
  return { ...untimed, ...timePlan(untimed) };
}

/** Runs of strokes of one layer, each with the pen that bears the layer's name, else the default. */
function planLayers(
  drawing: Drawing,
  strokes: readonly Stroke[],
  settings: MotionSettings,
  notes: string[],
): { layers: PlannedLayer[]; strokeLayer: Uint16Array } {
  const layers: PlannedLayer[] = [];
  const strokeLayer = new Uint16Array(strokes.length);
  for (let s = 0; s < strokes.length; ) {
    const index = strokes[s]!.layer;
    const firstStroke = s;
    for (; s < strokes.length && strokes[s]!.layer === index; s++) strokeLayer[s] = layers.length;
    const layer = drawing.layers[index] ?? { index, name: "", pauseBefore: false };
    const { name, pauseBefore } = layer;
    const { pen, waitS } = controlledPen(name, penFor(layer, settings, notes), notes);
    layers.push({ name, pen, pauseBefore, waitS, firstStroke, strokes: s - firstStroke });
  }
  return { layers, strokeLayer };
}

function penFor(layer: Layer, settings: MotionSettings, notes: string[]): PenSettings {
  const standard = penNamed(settings, settings.defaultPen);
  if (!standard) {
    const known = settings.pens.map((pen) => pen.name).join(", ");
    throw new PlottyError(
      "plan.unknown-pen",
      `no pen "${settings.defaultPen}"; the configuration has ${known}`,
    );
  }
  if (settings.onePen || layer.name === "") return standard;
  const own = penNamed(settings, layer.name);
  if (!own && settings.pens.length > 1) {
    notes.push(`layer "${layer.name}" bears no pen's name and is drawn with ${standard.name}`);
  }
  return own ?? standard;
}

function penNamed(settings: MotionSettings, name: string): PenSettings | undefined {
  const wanted = name.trim().toLowerCase();
  return settings.pens.find((pen) => pen.name.toLowerCase() === wanted);
}

function gatherPoints(strokes: readonly Stroke[]) {
  let room = 0;
  for (const stroke of strokes) room += stroke.points.length;
  const points = new Float64Array(room);
  const strokeStart = new Uint32Array(strokes.length + 1);
  let n = 0;
  for (let s = 0; s < strokes.length; s++) {
    n = appendPoints(strokes[s]!.points, points, n);
    strokeStart[s + 1] = n / 2;
  }
  return { points: n === room ? points : points.slice(0, n), strokeStart };
}

/** @returns how many numbers `points` then holds */
function appendPoints(source: Float64Array, points: Float64Array, first: number): number {
  let n = first;
  let lastX = Infinity;
  let lastY = Infinity;
  for (let i = 0; i < source.length; i += 2) {
    const x = source[i]!;
    const y = source[i + 1]!;
    if (Math.abs(x - lastX) <= SAME_POINT_MM && Math.abs(y - lastY) <= SAME_POINT_MM) continue;
    points[n] = lastX = x;
    points[n + 1] = lastY = y;
    n += 2;
  }
  return n;
}

type Timing = "totals" | "strokeStartS" | "strokeMm" | "strokeDrawS";
type Untimed = Omit<MotionPlan, Timing>;

function timePlan(plan: Untimed): Pick<MotionPlan, Timing> {
  const strokes = plan.strokeLayer.length;
  const strokeStartS = new Float64Array(strokes + 1);
  const strokeMm = new Float64Array(strokes);
  const strokeDrawS = new Float64Array(strokes);
  const sums = { drawS: 0, travelS: 0, penS: 0, inkMm: 0, travelMm: 0 };
  let [x, y] = [0, 0];
  let clockS = 0;
  for (let s = 0; s < strokes; s++) {
    strokeStartS[s] = clockS;
    const { pen, waitS = 0, firstStroke } = plan.layers[plan.strokeLayer[s]!]!;
    const first = 2 * plan.strokeStart[s]!;
    const last = 2 * plan.strokeStart[s + 1]! - 2;
    const travelMm = Math.hypot(plan.points[first]! - x, plan.points[first + 1]! - y);
    const travelS = travelTimeS(travelMm, plan);
    const draw = drawTime(plan, s);
    strokeMm[s] = draw.lengthMm;
    strokeDrawS[s] = draw.durationS;
    const penS = pen.dropS + pen.liftS + (s === firstStroke ? waitS : 0);
    sums.drawS += draw.durationS;
    sums.travelS += travelS;
    sums.penS += penS;
    sums.inkMm += draw.lengthMm;
    sums.travelMm += travelMm;
    clockS += travelS + penS + draw.durationS;
    [x, y] = [plan.points[last]!, plan.points[last + 1]!];
  }
  strokeStartS[strokes] = clockS;
  const homeMm = Math.hypot(x, y);
  const homeS = travelTimeS(homeMm, plan);
  const totals: PlanTotals = {
    ...sums,
    travelS: sums.travelS + homeS,
    travelMm: sums.travelMm + homeMm,
    durationS: clockS + homeS,
    lifts: strokes,
    points: plan.points.length / 2,
  };
  return { totals, strokeStartS, strokeMm, strokeDrawS };
}

/** Time of a pen-up travel from rest to rest, s. */
export function travelTimeS(lengthMm: number, plan: Pick<MotionPlan, "penUp">): number {
  return trapezoidS(lengthMm, 0, 0, plan.penUp.speedMmPerS, plan.penUp.accelMmPerS2);
}

/** Time and length of the draw move of stroke `s`. */
export function drawTime(plan: Untimed, s: number): { durationS: number; lengthMm: number } {
  const { points, speeds } = plan;
  const pen = plan.layers[plan.strokeLayer[s]!]!.pen;
  let durationS = 0;
  let lengthMm = 0;
  for (let p = plan.strokeStart[s]!; p < plan.strokeStart[s + 1]! - 1; p++) {
    const dx = points[2 * p + 2]! - points[2 * p]!;
    const dy = points[2 * p + 3]! - points[2 * p + 1]!;
    const segmentMm = Math.sqrt(dx * dx + dy * dy);
    lengthMm += segmentMm;
    durationS += trapezoidS(segmentMm, speeds[p]!, speeds[p + 1]!, pen.speedMmPerS, pen.accelMmPerS2);
  }
  return { durationS, lengthMm };
}
