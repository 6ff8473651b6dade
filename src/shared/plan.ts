import type { Size } from "./geometry.ts";
import type { PenSettings, TravelLimits } from "./plot-settings.ts";

/**
 * The whole motion of a job as typed arrays. Stroke `s` owns the points `strokeStart[s] … strokeStart[s + 1] - 1`.
 * Its moves are numbered `4 s` (travel to it), `4 s + 1` (pen drop), `4 s + 2` (draw), `4 s + 3` (pen lift);
 * move `4 × strokes` is the travel home.
 */
export interface MotionPlan {
  /** The paper as it lies in the machine. */
  readonly page: Size;
  readonly layers: readonly PlannedLayer[];
  /** x, y in machine mm of every stroke, in drawing order. */
  readonly points: Float64Array;
  /** Speed in mm/s at which the pen passes each point; 0 at both ends of a stroke. */
  readonly speeds: Float64Array;
  /** First point of each stroke, and one more entry that closes the last. */
  readonly strokeStart: Uint32Array;
  /** Index into `layers` of each stroke. */
  readonly strokeLayer: Uint16Array;
  /** Planned start of each stroke's travel, s from the start of the job; the last entry is the travel home. */
  readonly strokeStartS: Float64Array;
  /** Length (mm) and time (s) of each stroke's draw move; those who only have the points work them out. */
  readonly strokeMm?: Float64Array;
  readonly strokeDrawS?: Float64Array;
  readonly penUp: TravelLimits;
  readonly totals: PlanTotals;
  readonly notes: readonly string[];
}

export interface PlannedLayer {
  readonly name: string;
  readonly pen: PenSettings;
  readonly pauseBefore: boolean;
  /** How long the raised pen waits before the layer, s: `+D500` in its name. */
  readonly waitS?: number;
  /** Strokes `firstStroke … firstStroke + strokes - 1`. */
  readonly firstStroke: number;
  readonly strokes: number;
}

export interface PlanTotals {
  readonly durationS: number;
  readonly drawS: number;
  readonly travelS: number;
  readonly penS: number;
  readonly inkMm: number;
  readonly travelMm: number;
  readonly lifts: number;
  readonly points: number;
}

/** What a move of the plan does. Before a layer the raised pen may wait (dwell); that belongs to the travel to its first stroke. */
export type MoveKind = "travel" | "drop" | "draw" | "lift";
export const MOVE_KINDS = ["travel", "drop", "draw", "lift"] as const;

/** Where a job stands: progress, pause, resume, retry and recovery are all this one idea. */
export interface PlanPosition {
  /** Index of the move. */
  readonly move: number;
  /** mm along that move, as executed by the board. */
  readonly mm: number;
}

export const PLAN_START: PlanPosition = { move: 0, mm: 0 };

export function strokeCount(plan: MotionPlan): number {
  return plan.strokeLayer.length;
}

export function strokeOfMove(move: number): number {
  return move >> 2;
}

export function kindOfMove(move: number): MoveKind {
  return MOVE_KINDS[move & 3]!;
}
