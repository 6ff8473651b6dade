import type { MotionPlan } from "../../shared/plan.ts";
import { trapezoidS } from "./trapezoid.ts";

/** Time of a pen-up travel from rest to rest, s. */
export function travelTimeS(lengthMm: number, { penUp }: Pick<MotionPlan, "penUp">): number {
  return trapezoidS(lengthMm, 0, 0, penUp.speedMmPerS, penUp.accelMmPerS2);
}
