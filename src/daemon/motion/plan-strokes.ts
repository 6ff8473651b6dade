import type { Drawing } from "../../shared/drawing.ts";
import { PlottyError } from "../../shared/errors.ts";
import type { PlannedLayer } from "../../shared/plan.ts";
import type { MotionSettings } from "../../shared/plot-settings.ts";
import { settleStroke } from "./lookahead.ts";
import { planLayers } from "./plan-layers.ts";
import type { PlanHead, WrittenStroke } from "./plan-writer.ts";
import { StrokeRoom } from "./stroke-room.ts";
import { trapezoidS } from "./trapezoid.ts";
import { travelTimeS } from "./travel-time.ts";

/** Neighbours closer than this are one point, mm: far below a motor step. */
const SAME_POINT_MM = 1e-6;

/**
 * Plans one stroke after the other, in drawing order, and hands each on: of the motion no more than one stroke is held.
 *
 * @param take is done with the stroke's arrays when it returns
 * @returns what is known only then; `homeStartS` is the planned start of the travel home
 * @throws PlottyError `plan.empty` when there is nothing to draw
 */
export function planStrokes(
  drawing: Drawing,
  settings: MotionSettings,
  take: (stroke: WrittenStroke) => void,
): { head: PlanHead; homeStartS: number } {
  const strokes = drawing.strokes.filter((stroke) => stroke.points.length > 0);
  if (strokes.length === 0) {
    const why = drawing.notes.length > 0 ? ` (${drawing.notes.join("; ")})` : "";
    throw new PlottyError("plan.empty", `there is nothing to draw in this file${why}`);
  }
  const notes = [...drawing.notes];
  const layers = planLayers(drawing, strokes, settings, notes);
  const clock = new PlanClock(settings);
  const room = new StrokeRoom();
  layers.forEach((each, layer) => {
    const { pen, firstStroke } = each;
    for (let s = firstStroke; s < firstStroke + each.strokes; s++) {
      const count = gatherPoints(strokes[s]!.points, room);
      settleStroke(room, count, pen, settings.junctionDeviationMm);
      const { points, speeds } = room;
      const { startS, drawS, lengthMm } = clock.draw(room, count, each, s === firstStroke);
      take({ points, speeds, from: 0, to: count, layer, startS, pen, drawS, lengthMm });
    }
  });
  const { totals, homeStartS } = clock.goHome(strokes.length);
  return { head: { page: drawing.page, layers, penUp: settings.penUp, totals, notes }, homeStartS };
}

/** Copies a stroke's points without repeated ones. @returns how many there are */
function gatherPoints(source: Float64Array, room: StrokeRoom): number {
  room.fit(source.length / 2);
  const { points } = room;
  let n = 0;
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
  return n / 2;
}

/** Adds times and lengths up while the pen goes from stroke to stroke, beginning and ending at home. */
class PlanClock {
  readonly #settings: MotionSettings;
  readonly #sums = { drawS: 0, travelS: 0, penS: 0, inkMm: 0, travelMm: 0 };
  #x = 0;
  #y = 0;
  #nowS = 0;
  #points = 0;

  constructor(settings: MotionSettings) {
    this.#settings = settings;
  }

  /** @param count how many points of `room` the stroke has. @returns `startS` is the planned start of its travel */
  draw({ points, speeds, lengths }: StrokeRoom, count: number, layer: PlannedLayer, isFirst: boolean) {
    const { pen, waitS = 0 } = layer;
    const { speedMmPerS, accelMmPerS2 } = pen;
    const startS = this.#nowS;
    const travelS = this.#travel(points[0]!, points[1]!);
    let [drawS, lengthMm] = [0, 0];
    for (let p = 0; p < count - 1; p++) {
      lengthMm += lengths[p]!;
      drawS += trapezoidS(lengths[p]!, speeds[p]!, speeds[p + 1]!, speedMmPerS, accelMmPerS2);
    }
    const penS = pen.dropS + pen.liftS + (isFirst ? waitS : 0);
    this.#sums.drawS += drawS;
    this.#sums.penS += penS;
    this.#sums.inkMm += lengthMm;
    this.#nowS += travelS + penS + drawS;
    this.#points += count;
    this.#x = points[2 * count - 2]!;
    this.#y = points[2 * count - 1]!;
    return { startS, drawS, lengthMm };
  }

  goHome(lifts: number) {
    const homeStartS = this.#nowS;
    const durationS = homeStartS + this.#travel(0, 0);
    return { totals: { ...this.#sums, durationS, lifts, points: this.#points }, homeStartS };
  }

  #travel(x: number, y: number): number {
    const travelMm = Math.hypot(x - this.#x, y - this.#y);
    const travelS = travelTimeS(travelMm, this.#settings);
    this.#sums.travelMm += travelMm;
    this.#sums.travelS += travelS;
    return travelS;
  }
}
