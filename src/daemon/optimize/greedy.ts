import type { Endpoints } from "./endpoints.ts";
import type { HopCost } from "./hop-cost.ts";
import type { HopCosts } from "./hop-costs.ts";
import { joinEnds } from "./join-ends.ts";
import { nearestEnds } from "./neighbors.ts";

/** Which ends the pen goes between, as far as that is settled. */
export interface Chains {
  /** The end at the other side of each end's hop, -1 for free ends. */
  readonly mate: Int32Array;
  /** The other free end of the chain, valid for free ends. */
  readonly otherEnd: Int32Array;
}

/**
 * A first tour: joints first, then the cheapest hops anywhere, as long as they neither fork nor close a circle too soon. What is
 * left are chains, whose free ends are paired in the same way until one chain remains.
 *
 * @returns the stroke ends at which the pen comes in, in order, beginning with the way home
 */
export function greedyTour(ends: Endpoints, cost: HopCost, costs: HopCosts): Int32Array {
  const { k } = costs;
  const count = ends.x.length;
  const chains: Chains = { mate: new Int32Array(count).fill(-1), otherEnd: new Int32Array(count) };
  for (let end = 0; end < count; end++) chains.otherEnd[end] = end ^ 1;
  const { mate, otherEnd } = chains;
  if (cost.joins) joinEnds(chains, cost, costs);
  let free = freeEnds(Int32Array.from(mate.keys()), mate);
  let nearest = costs.near;
  if (free.length < count) nearest = nearestFree(ends, free, otherEnd, k);
  while (free.length > 2) {
    pairFreeEnds(ends, cost, free, nearest, mate, otherEnd, k);
    free = freeEnds(free, mate);
    nearest = nearestFree(ends, free, otherEnd, k);
  }
  mate[free[0]!] = free[1]!;
  mate[free[1]!] = free[0]!;
  return tourFromMates(mate, ends.strokes);
}

function freeEnds(ends: Int32Array, mate: Int32Array): Int32Array {
  const free = new Int32Array(ends.length);
  let count = 0;
  for (let i = 0; i < ends.length; i++) if (mate[ends[i]!] === -1) free[count++] = ends[i]!;
  return free.slice(0, count);
}

function nearestFree({ x, y }: Endpoints, free: Int32Array, otherEnd: Int32Array, k: number): Int32Array {
  return nearestEnds(x, y, free, otherEnd, k);
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
