import type { Point } from "../../shared/geometry.ts";
import { kindOfMove, type MotionPlan, type PlanPosition, strokeCount } from "../../shared/plan.ts";
import { strokeProfile } from "../motion/path-profile.ts";
import { startOf } from "./plot-stream.ts";

/** No board holds more than this much motion, so no more can have been drawn after the journal's last word. */
const SEARCH_MM = 40;
const ON_PATH_MM = 0.06;

/**
 * The place on the plan at which the machine stands, looked for from a journal's position forward: after the driver was
 * killed, the board went on through what it held, and its step counters say how far.
 *
 * @returns the journal's own position when the machine stands nowhere on what follows
 */
export function locateOnPlan(plan: MotionPlan, journal: PlanPosition, place: Point): PlanPosition {
  const { stroke, fromMm } = startOf(journal, plan);
  if (kindOfMove(journal.move) !== "draw" || stroke >= strokeCount(plan)) return journal;
  const path = strokeProfile(plan, stroke, 0, 1);
  const endMm = Math.min(path.lengthMm, fromMm + SEARCH_MM);
  let best = { distanceMm: ON_PATH_MM, mm: fromMm };
  for (let i = path.segmentAt(fromMm); i + 1 < path.atMm.length && path.atMm[i]! <= endMm; i++) {
    const startMm = Math.max(fromMm, path.atMm[i]!);
    const stopMm = Math.min(endMm, path.atMm[i + 1]!);
    const mm = nearestMm(path.pointAt(startMm), path.pointAt(stopMm), startMm, stopMm, place);
    const at = path.pointAt(mm);
    const distanceMm = Math.hypot(at.x - place.x, at.y - place.y);
    if (distanceMm < best.distanceMm) best = { distanceMm, mm };
  }
  if (best.mm >= path.lengthMm - 1e-3) return { move: 4 * (stroke + 1), mm: 0 };
  return { move: 4 * stroke + 2, mm: best.mm };
}

function nearestMm(a: Point, b: Point, startMm: number, stopMm: number, place: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length2 = dx * dx + dy * dy;
  const along = length2 > 0 ? ((place.x - a.x) * dx + (place.y - a.y) * dy) / length2 : 0;
  return startMm + Math.min(1, Math.max(0, along)) * (stopMm - startMm);
}
