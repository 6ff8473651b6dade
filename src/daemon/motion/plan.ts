import type { Drawing } from "../../shared/drawing.ts";
import type { MotionPlan } from "../../shared/plan.ts";
import type { MotionSettings } from "../../shared/plot-settings.ts";
import { planStrokes } from "./plan-strokes.ts";
import { type PlanHead, PlanWriter } from "./plan-writer.ts";

/** A plan that was written: all but its strokes, and its name. */
export interface WrittenPlan extends PlanHead {
  readonly hash: string;
}

/**
 * Strokes in drawing order to motion: constant acceleration, corners by junction deviation, full stops where the pen moves.
 * Pure. Throws `plan.empty` when there is nothing to draw.
 */
export function planMotion(drawing: Drawing, settings: MotionSettings): MotionPlan {
  const strokes = drawing.strokes.length;
  let room = 0;
  for (const stroke of drawing.strokes) room += stroke.points.length;
  const points = new Float64Array(room);
  const speeds = new Float64Array(room / 2);
  const strokeStart = new Uint32Array(strokes + 1);
  const strokeLayer = new Uint16Array(strokes);
  const strokeStartS = new Float64Array(strokes + 1);
  const [strokeMm, strokeDrawS] = [new Float64Array(strokes), new Float64Array(strokes)];
  let [s, end] = [0, 0];
  const { head, homeStartS } = planStrokes(drawing, settings, (stroke) => {
    points.set(stroke.points.subarray(0, 2 * stroke.to), 2 * end);
    speeds.set(stroke.speeds.subarray(0, stroke.to), end);
    strokeLayer[s] = stroke.layer;
    strokeStartS[s] = stroke.startS;
    strokeMm[s] = stroke.lengthMm!;
    strokeDrawS[s] = stroke.drawS!;
    end += stroke.to;
    strokeStart[++s] = end;
  });
  strokeStartS[s] = homeStartS;
  return {
    ...head,
    points: first(points, 2 * end),
    speeds: first(speeds, end),
    strokeStart: first(strokeStart, s + 1),
    strokeLayer: first(strokeLayer, s),
    strokeStartS: first(strokeStartS, s + 1),
    strokeMm: first(strokeMm, s),
    strokeDrawS: first(strokeDrawS, s),
  };
}

/**
 * The plan of `planMotion` as the bytes of its file of bytes handed on while it is made: at any time one stroke is held, one block of
 * points and the list of strokes. Throws `plan.empty` when there is nothing to draw.
 *
 * @param write takes bytes that are used again when it returns
 */
export function writeMotion(
  drawing: Drawing,
  settings: MotionSettings,
  write: (bytes: Uint8Array) => void,
): WrittenPlan {
  const writer = new PlanWriter(write);
  const { head, homeStartS } = planStrokes(drawing, settings, (stroke) => writer.stroke(stroke));
  return { ...head, hash: writer.end(head, homeStartS) };
}

/** Repeated points and strokes without any leave room at the end. */
function first<T extends Float64Array | Uint32Array | Uint16Array>(numbers: T, count: number): T {
  return (numbers.length === count ? numbers : numbers.slice(0, count)) as T;
}
