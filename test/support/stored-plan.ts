import type { MotionPlan } from "../../src/shared/plan.ts";

/** A plan as its file gives it back: what can be worked out from its points is not kept. */
export function storedPlan(plan: MotionPlan): MotionPlan {
  return { ...plan, strokeMm: undefined, strokeDrawS: undefined };
}
