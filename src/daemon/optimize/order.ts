import type { Stroke } from "../../shared/drawing.ts";
import type { Point, Polyline } from "../../shared/geometry.ts";
import type { OptimizePreset, OptimizeSettings } from "../../shared/plot-settings.ts";
import { PointArena } from "../svg/point-arena.ts";
import { type Endpoints, endpointsOf } from "./endpoints.ts";
import { HopCost } from "./hop-cost.ts";
import { Seams, startAt } from "./seams.ts";
import { alongCurve } from "./space-curve.ts";
import { type Tour, TourSearch } from "./tour-search.ts";

/** How hard to try. Budgets are in steps, never in seconds: the same drawing comes out the same on any machine. */
interface Effort {
  readonly neighbors: number;
  /** Kicks per stroke; a small drawing gets `minKicks`, as far as that is not more than `KICKS_OF_SMALL` for a stroke. */
  readonly kicksPerStroke: number;
  readonly minKicks: number;
  readonly maxKicks: number;
}

const EFFORTS: Readonly<Record<OptimizePreset, Effort>> = {
  fast: { neighbors: 5, kicksPerStroke: 0, minKicks: 0, maxKicks: 0 },
  balanced: { neighbors: 6, kicksPerStroke: 0.5, minKicks: 5_000, maxKicks: 15_000 },
  best: { neighbors: 10, kicksPerStroke: 100, minKicks: 0, maxKicks: 1_000_000 },
};

/** More strokes than this are searched less widely. */
const LARGE_DRAWING = 25_000;
/** Fewer strokes than this are searched more widely: it costs next to nothing. */
const SMALL_DRAWING = 5_000;
const NEIGHBORS_OF_SMALL = 8;
const KICKS_OF_SMALL = 5;
const MAX_STEPS_PER_STROKE = 60;
const SEAM_ROUNDS = 3;
/** Kicks per stroke. */
const WORTHWHILE_KICKS = 0.4;

/**
 * Puts the strokes of one layer in the order, direction and (for closed ones) start that cost least time with the pen up.
 *
 * @param start where the pen is before; @param finish where it goes after
 */
export function orderStrokes(
  given: readonly Stroke[],
  settings: OptimizeSettings,
  start: Point,
  finish: Point,
): Stroke[] {
  if (given.length === 0) return [];
  const strokes = alongCurve(given);
  const effort = effortFor(settings.preset, strokes.length);
  const ends = endpointsOf(strokes, start, finish);
  const cost = new HopCost(settings, typicalHopMm(ends));
  const seams = new Seams(strokes, ends);
  const search = new TourSearch(ends, cost, effort.neighbors);
  search.build();
  const tour = improve(search, cost, seams, effort);
  search.end();
  return inOrder(strokes, ends, tour, seams);
}

/** A long tour is searched less widely, a short one more. */
function effortFor(preset: OptimizePreset, strokes: number): Effort {
  const effort = EFFORTS[preset];
  if (preset === "best") return effort;
  if (strokes > LARGE_DRAWING) return { ...effort, neighbors: 5 };
  return strokes < SMALL_DRAWING ? { ...effort, neighbors: NEIGHBORS_OF_SMALL } : effort;
}

/** The distance at which ends would lie if they were strewn evenly over the drawing: about a hop of a good tour. */
function typicalHopMm({ x, y, strokes }: Endpoints): number {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    minX = Math.min(minX, x[i]!);
    maxX = Math.max(maxX, x[i]!);
    minY = Math.min(minY, y[i]!);
    maxY = Math.max(maxY, y[i]!);
  }
  return 0.5 * Math.sqrt(((maxX - minX) * (maxY - minY)) / (strokes + 1));
}

/** Local search; where there are closed strokes, again after each time their starts have moved; then kicks. */
function improve(search: TourSearch, cost: HopCost, seams: Seams, effort: Effort): Tour {
  search.improve(MAX_STEPS_PER_STROKE);
  for (let round = 0; round < SEAM_ROUNDS && seams.settle(search.tour(), cost) > 0; round++) {
    search.look();
    search.improve(MAX_STEPS_PER_STROKE);
  }
  search.kick(kicksFor(effort, search.size));
  const tour = search.tour();
  seams.settle(tour, cost);
  return tour;
}

/** None where so few would come to a stroke that they win less than they take. */
function kicksFor({ kicksPerStroke, minKicks, maxKicks }: Effort, size: number): number {
  if (maxKicks < size * WORTHWHILE_KICKS) return 0;
  const least = Math.min(minKicks, KICKS_OF_SMALL * size);
  return Math.min(maxKicks, Math.round(Math.max(kicksPerStroke * size, least)));
}

/** From home round the circle, in the direction that the way home asks for, or with the nearer stroke first if it does not matter. */
function inOrder(strokes: readonly Stroke[], ends: Endpoints, tour: Tour, seams: Seams): Stroke[] {
  const { entries, size } = tour;
  const at = tour.at[2 * strokes.length]! >> 1;
  const isTurned = runsBackwards(ends, tour, at);
  const ordered: Stroke[] = [];
  const arena = new PointArena();
  for (let i = 1; i < size; i++) {
    const entry = isTurned ? entries[(at - i + size) % size]! ^ 1 : entries[(at + i) % size]!;
    const stroke = strokes[entry >> 1]!;
    const points = startAt(stroke.points, seams.first[entry >> 1]!);
    ordered.push(
      (entry & 1) === 0 && points === stroke.points
        ? stroke
        : {
            points: (entry & 1) === 0 ? points : reversed(points, arena),
            layer: stroke.layer,
            color: stroke.color,
          },
    );
  }
  return ordered;
}

function runsBackwards({ x, y, strokes }: Endpoints, { entries, size }: Tour, at: number): boolean {
  const [finish, start] = [2 * strokes, 2 * strokes + 1];
  if (x[start] !== x[finish] || y[start] !== y[finish]) return entries[at] !== finish;
  const hop = (end: number): number => Math.hypot(x[end]! - x[start]!, y[end]! - y[start]!);
  return hop(entries[(at - 1 + size) % size]! ^ 1) < hop(entries[(at + 1) % size]!);
}

function reversed(points: Polyline, arena: PointArena): Polyline {
  const last = points.length - 2;
  const back = arena.take(points.length);
  for (let i = 0; i <= last; i += 2) {
    back[i] = points[last - i]!;
    back[i + 1] = points[last - i + 1]!;
  }
  return back;
}
