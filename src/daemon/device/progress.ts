import type { MotionPlan, PlanPosition } from "../../shared/plan.ts";
import { kindOfMove, strokeCount } from "../../shared/plan.ts";
import { type PathProfile, strokeProfile } from "../motion/path-profile.ts";
import { drawTime } from "../motion/plan.ts";
import type { JobReport } from "./driver-messages.ts";
import { startOf } from "./plot-stream.ts";

/** Says what a position means in time, points and layers. Keeps the stroke it was last asked about. */
export class ProgressMeter {
  readonly #plan: MotionPlan;
  /** Ink before each stroke, mm. */
  readonly #inkMm: Float64Array;
  #stroke = -1;
  #profile: PathProfile | null = null;

  constructor(plan: MotionPlan) {
    this.#plan = plan;
    const strokes = strokeCount(plan);
    this.#inkMm = new Float64Array(strokes + 1);
    for (let s = 0; s < strokes; s++) this.#inkMm[s + 1] = this.#inkMm[s]! + drawTime(plan, s).lengthMm;
  }

  report(at: PlanPosition): JobReport {
    const plan = this.#plan;
    const { stroke, fromMm } = startOf(at, plan);
    const durationS = plan.totals.durationS;
    if (stroke >= strokeCount(plan)) {
      const last = plan.layers.length - 1;
      const doneS = plan.strokeStartS[stroke]!;
      return {
        at,
        progress: Math.min(1, doneS / durationS),
        remainingS: Math.max(0, durationS - doneS),
        layer: last,
        pointsPlotted: plan.totals.points,
        inkMm: this.#inkMm[stroke]!,
        strokes: stroke,
      };
    }
    const profile = this.#profileOf(stroke);
    const isDrawing = kindOfMove(at.move) === "draw";
    const doneS = isDrawing
      ? this.#drawStartS(stroke, profile) + profile.timeAt(fromMm)
      : plan.strokeStartS[stroke]!;
    const within = isDrawing ? profile.segmentAt(fromMm) + 1 : 0;
    return {
      at,
      progress: Math.min(1, doneS / durationS),
      remainingS: Math.max(0, durationS - doneS),
      layer: plan.strokeLayer[stroke]!,
      pointsPlotted: plan.strokeStart[stroke]! + within,
      inkMm: this.#inkMm[stroke]! + (isDrawing ? fromMm : 0),
      strokes: stroke,
    };
  }

  /** The end of the stroke's draw move is its lift's start, which is known from the next stroke's start. */
  #drawStartS(stroke: number, profile: PathProfile): number {
    const pen = this.#plan.layers[this.#plan.strokeLayer[stroke]!]!.pen;
    return this.#plan.strokeStartS[stroke + 1]! - pen.liftS - profile.durationS;
  }

  #profileOf(stroke: number): PathProfile {
    if (this.#stroke !== stroke || !this.#profile) {
      this.#profile = strokeProfile(this.#plan, stroke, 0, 1);
      this.#stroke = stroke;
    }
    return this.#profile;
  }
}
