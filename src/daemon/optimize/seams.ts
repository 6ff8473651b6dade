import type { Stroke } from "../../shared/drawing.ts";
import type { Polyline } from "../../shared/geometry.ts";
import type { Endpoints } from "./endpoints.ts";
import type { HopCost } from "./hop-cost.ts";
import { mateOf, type Tour } from "./tour-search.ts";

/** A closed stroke may start anywhere: it repeats its first point at its end. */
export function isClosed(points: Polyline): boolean {
  const last = points.length - 2;
  return last >= 4 && points[0] === points[last] && points[1] === points[last + 1];
}

/**
 * Lets every closed stroke of a tour begin at the vertex that costs least between where the pen comes from and goes next.
 *
 * @returns the first point of each stroke (0 for those that stay as they are)
 */
export class Seams {
  readonly #strokes: readonly Stroke[];
  readonly #ends: Endpoints;
  readonly #closed: number[] = [];
  readonly first: Int32Array;

  constructor(strokes: readonly Stroke[], ends: Endpoints) {
    this.#strokes = strokes;
    this.#ends = ends;
    this.first = new Int32Array(strokes.length);
    for (let s = 0; s < strokes.length; s++) if (isClosed(strokes[s]!.points)) this.#closed.push(s);
  }

  /** Moves seams within the tour as it is. @returns how many moved */
  settle(tour: Tour, cost: HopCost): number {
    let moved = 0;
    for (const s of this.#closed) {
      const end = 2 * s;
      const best = this.#bestVertex(s, mateOf(tour, end), mateOf(tour, end ^ 1), cost);
      if (best === this.first[s]) continue;
      this.#move(s, best);
      moved++;
    }
    return moved;
  }

  #move(s: number, vertex: number): void {
    const { x, y } = this.#ends;
    const { points } = this.#strokes[s]!;
    this.first[s] = vertex;
    x[2 * s] = points[2 * vertex]!;
    y[2 * s] = points[2 * vertex + 1]!;
    x[2 * s + 1] = x[2 * s]!;
    y[2 * s + 1] = y[2 * s]!;
  }

  #bestVertex(s: number, from: number, to: number, cost: HopCost): number {
    const { x, y } = this.#ends;
    const { points } = this.#strokes[s]!;
    const [fromX, fromY, toX, toY] = [x[from]!, y[from]!, x[to]!, y[to]!];
    let best = this.first[s]!;
    let least = this.#through(points, best, fromX, fromY, toX, toY, cost) - 1e-9;
    for (let vertex = 0; vertex < points.length / 2 - 1; vertex++) {
      const seconds = this.#through(points, vertex, fromX, fromY, toX, toY, cost);
      if (seconds < least) {
        least = seconds;
        best = vertex;
      }
    }
    return best;
  }

  #through(
    points: Polyline,
    vertex: number,
    fromX: number,
    fromY: number,
    toX: number,
    toY: number,
    cost: HopCost,
  ): number {
    const x = points[2 * vertex]!;
    const y = points[2 * vertex + 1]!;
    return cost.planned(x - fromX, y - fromY) + cost.planned(toX - x, toY - y);
  }
}

/** A closed polyline told from another of its vertices. */
export function startAt(points: Polyline, vertex: number): Polyline {
  if (vertex === 0) return points;
  const turned = new Float64Array(points.length);
  const cut = 2 * vertex;
  turned.set(points.subarray(cut, points.length - 2));
  turned.set(points.subarray(0, cut + 2), points.length - 2 - cut);
  return turned;
}
