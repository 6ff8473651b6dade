import type { MotionPlan } from "../../shared/plan.ts";
import { isSoft, sCurveS } from "../s-curve.ts";
import { trapezoidS } from "./trapezoid.ts";

/** Time of a pen-up travel from rest to rest, s. */
export function travelTimeS(lengthMm: number, { penUp }: Pick<MotionPlan, "penUp">): number {
  if (isSoft(penUp)) return sCurveS(lengthMm, penUp);
  return trapezoidS(lengthMm, 0, 0, penUp.speedMmPerS, penUp.accelMmPerS2);
}
