import type { Endpoints } from "./endpoints.ts";
import type { HopCost } from "./hop-cost.ts";
import { nearestEnds } from "./neighbors.ts";

/**
 * A first tour: the cheapest hops anywhere are taken first, as long as they neither fork nor close a circle too soon.
 * What is left are chains, whose free ends are paired in the same way until one chain remains.
 *
 * @returns the stroke ends at which the pen comes in, in order, beginning with the way home
 */
export function greedyTour(ends: Endpoints, cost: HopCost, neighborCount: number): Int32Array {
  const count = ends.x.length;
  const mate = new Int32Array(count).fill(-1);
  /** The other free end of the chain, valid for free ends. */
  const otherEnd = Int32Array.from({ length: count }, (_, end) => end ^ 1);
  let free = Int32Array.from({ length: count }, (_, end) => end);
  while (free.length > 2) {
    pairFreeEnds(ends, cost, free, mate, otherEnd, neighborCount);
    free = free.filter((end) => mate[end] === -1);
  }
  mate[free[0]!] = free[1]!;
  mate[free[1]!] = free[0]!;
  return tourFromMates(mate, ends.strokes);
}

function pairFreeEnds(
  ends: Endpoints,
  cost: HopCost,
  free: Int32Array,
  mate: Int32Array,
  otherEnd: Int32Array,
  k: number,
): void {
  const { x, y } = ends;
  const nearest = nearestEnds(x, y, free, (end) => otherEnd[end]!, k);
  const costs = new Float64Array(free.length * k);
  const froms = new Int32Array(free.length * k);
  const tos = new Int32Array(free.length * k);
  let pairs = 0;
  for (let i = 0; i < free.length; i++) {
    const from = free[i]!;
    for (let j = 0; j < k; j++) {
      const to = nearest[i * k + j]!;
      if (to < 0) break;
      costs[pairs] = cost.between(x[to]! - x[from]!, y[to]! - y[from]!);
      froms[pairs] = from;
      tos[pairs++] = to;
    }
  }
  let chains = free.length / 2;
  for (const pair of cheapestFirst(costs, pairs)) {
    const from = froms[pair]!;
    const to = tos[pair]!;
    if (chains === 1) return;
    if (mate[from] !== -1 || mate[to] !== -1 || otherEnd[from] === to) continue;
    mate[from] = to;
    mate[to] = from;
    const [a, b] = [otherEnd[from]!, otherEnd[to]!];
    otherEnd[a] = b;
    otherEnd[b] = a;
    chains--;
  }
}

/** Indices by rising cost; equal costs keep their order, so that the same input gives the same tour. */
function cheapestFirst(costs: Float64Array, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  return order.sort((a, b) => costs[a]! - costs[b]! || a - b);
}

function tourFromMates(mate: Int32Array, strokes: number): Int32Array {
  const tour = new Int32Array(strokes + 1);
  let entry = 2 * strokes;
  for (let i = 0; i <= strokes; i++) {
    tour[i] = entry;
    entry = mate[entry ^ 1]!;
  }
  return tour;
}
