import type { Point } from "../../shared/geometry.ts";
import { kindOfMove, type PlanPosition } from "../../shared/plan.ts";
import type { PathProfile } from "../motion/path-profile.ts";
import type { PlanFile } from "./plan-file.ts";
import { startOf } from "./plot-stream.ts";
import { readStretch } from "./stroke-reader.ts";

/** No board holds more ink or more strokes than this, so no more can have been drawn after the journal's last word. */
const SEARCH_MM = 40;
const SEARCH_STROKES = 24;
const ON_PATH_MM = 0.06;

/**
 * The place on the plan at which the machine stands, looked for from a journal's position forward: after the driver was
 * killed, the board went on through what it held, and its step counters say how far. Where the path comes by more than
 * once, the first time counts: ink twice is better than ink that lacks.
 *
 * @returns the journal's own position when the machine stands nowhere on what follows
 */
export async function locateOnPlan(
  plan: PlanFile,
  journal: PlanPosition,
  place: Point,
): Promise<PlanPosition> {
  const start = startOf(journal, plan.strokeCount);
  const last = Math.min(plan.strokeCount, start.stroke + SEARCH_STROKES);
  let [fromMm, leftMm] = [start.fromMm, SEARCH_MM];
  let end: Point | null = null;
  for (let index = start.stroke; index < last && leftMm > 0; index++, fromMm = 0) {
    const stroke = await plan.stroke(index);
    const { path, start: first } = await readStretch(plan, stroke, fromMm, { points: 0, mm: leftMm });
    if (end && onTheWay(end, path.pointAt(0), place)) return { move: 4 * index, mm: 0 };
    const beginMm = fromMm - first.mm;
    const mm = firstMmAt(path, beginMm, beginMm + leftMm, place);
    if (mm !== null) {
      const strokeMm = first.mm + mm;
      const isWhole = strokeMm >= stroke.lengthMm - 1e-3 && stroke.lengthMm > 0;
      return isWhole ? { move: 4 * (index + 1), mm: 0 } : { move: 4 * index + 2, mm: strokeMm };
    }
    leftMm -= stroke.lengthMm - fromMm;
    end = path.pointAt(path.lengthMm);
  }
  return kindOfMove(journal.move) === "draw" ? journal : { move: 4 * start.stroke, mm: 0 };
}

/** @returns mm along the path where it first comes nearest to `place`, or null when it does not come by */
function firstMmAt(path: PathProfile, fromMm: number, toMm: number, place: Point): number | null {
  let best: { distanceMm: number; mm: number } | null = null;
  for (let i = path.segmentAt(fromMm); i + 1 < path.atMm.length && path.atMm[i]! <= toMm; i++) {
    const startMm = Math.max(fromMm, path.atMm[i]!);
    const stopMm = Math.min(toMm, path.atMm[i + 1]!);
    const share = nearestShare(path.pointAt(startMm), path.pointAt(stopMm), place);
    const mm = startMm + share * (stopMm - startMm);
    const distanceMm = distance(path.pointAt(mm), place);
    if (distanceMm > ON_PATH_MM && best) break;
    if (distanceMm <= ON_PATH_MM && (!best || distanceMm < best.distanceMm)) best = { distanceMm, mm };
  }
  return best?.mm ?? null;
}

/** Strictly between two strokes; their own ends are the strokes'. */
function onTheWay(from: Point, to: Point, place: Point): boolean {
  const share = nearestShare(from, to, place);
  const at = { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
  return share > 0 && share < 1 && distance(at, place) <= ON_PATH_MM;
}

function nearestShare(a: Point, b: Point, place: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length2 = dx * dx + dy * dy;
  if (length2 === 0) return 1;
  return Math.min(1, Math.max(0, ((place.x - a.x) * dx + (place.y - a.y) * dy) / length2));
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
