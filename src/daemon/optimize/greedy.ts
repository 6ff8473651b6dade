import type { Endpoints } from "./endpoints.ts";
import type { HopCost } from "./hop-cost.ts";
import { nearestEnds } from "./neighbors.ts";

/**
 * A first tour: the cheapest hops anywhere are taken first, as long as they neither fork nor close a circle too soon.
 * What is left are chains, whose free ends are paired in the same way until one chain remains.
 *
 * @param neighbors the `k` nearest ends of each end
 * @returns the stroke ends at which the pen comes in, in order, beginning with the way home
 */
export function greedyTour(ends: Endpoints, cost: HopCost, neighbors: Int32Array, k: number): Int32Array {
  const count = ends.x.length;
  const mate = new Int32Array(count).fill(-1);
  /** The other free end of the chain, valid for free ends. */
  const otherEnd = Int32Array.from({ length: count }, (_, end) => end ^ 1);
  let free = Int32Array.from({ length: count }, (_, end) => end);
  let nearest = neighbors;
  while (free.length > 2) {
    pairFreeEnds(ends, cost, free, nearest, mate, otherEnd, k);
    free = free.filter((end) => mate[end] === -1);
    nearest = nearestEnds(ends.x, ends.y, free, (end) => otherEnd[end]!, k);
  }
  mate[free[0]!] = free[1]!;
  mate[free[1]!] = free[0]!;
  return tourFromMates(mate, ends.strokes);
}

function pairFreeEnds(
  ends: Endpoints,
  cost: HopCost,
  free: Int32Array,
  nearest: Int32Array,
  mate: Int32Array,
  otherEnd: Int32Array,
  k: number,
): void {
  const { x, y } = ends;
  const costs = new Float64Array(free.length * k);
  const froms = new Int32Array(free.length * k);
  const tos = new Int32Array(free.length * k);
  const at = new Int32Array(x.length);
  for (let i = 0; i < free.length; i++) at[free[i]!] = i;
  let pairs = 0;
  for (let i = 0; i < free.length; i++) {
    const from = free[i]!;
    for (let j = i * k; j < (i + 1) * k; j++) {
      const to = nearest[j]!;
      if (to < 0) break;
      // Of two ends that are near to each other one tells of the pair.
      if (to < from && isNear(nearest, at[to]! * k, k, from)) continue;
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

function isNear(nearest: Int32Array, from: number, k: number, id: number): boolean {
  for (let i = from; i < from + k; i++) if (nearest[i] === id) return true;
  return false;
}

/**
 * Indices by rising cost; equal costs keep their order, so that the same input gives the same tour. Cost and index are packed
 * into one number each, which sorts ten times faster than indices by a comparison.
 */
function cheapestFirst(costs: Float64Array, count: number): Float64Array {
  let highest = 1e-9;
  for (let i = 0; i < count; i++) if (costs[i]! > highest) highest = costs[i]!;
  const room = 2 ** Math.ceil(Math.log2(count + 1));
  const scale = Math.floor(2 ** 52 / room) / highest;
  const packed = new Float64Array(count);
  for (let i = 0; i < count; i++) packed[i] = Math.floor(costs[i]! * scale) * room + i;
  packed.sort();
  for (let i = 0; i < count; i++) packed[i] = packed[i]! % room;
  return packed;
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
