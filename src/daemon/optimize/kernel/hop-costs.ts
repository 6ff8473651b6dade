import { endCount, x, y } from "./ends";
import { Floats, Ints, takeFloats, takeInts } from "./memory";
import { findNearest } from "./neighbors";

/** A joinable gap, squared (mm²); what lift and drop cost besides (s), and a millimetre of way (s/mm). */
let join2: f64 = 0;
let fixedS: f64 = 0;
let sPerMm: f64 = 0;

/** How many near ends are known of each, nearest first (-1 where there are no more), and what it costs to go there, s. */
export let k: i32 = 0;
export let near: Ints = changetype<Ints>(0);
export let seconds: Floats = changetype<Floats>(0);

export function setHopCost(joinMm2: f64, fixed: f64, perMm: f64): void {
  join2 = joinMm2;
  fixedS = fixed;
  sPerMm = perMm;
}

/** Room for what `costNearHops` finds. */
export function takeHopCosts(neighbors: i32): void {
  k = neighbors;
  near = takeInts(endCount * k);
  seconds = takeFloats(endCount * k);
  all = takeInts(endCount);
  partner = takeInts(endCount);
  for (let end = 0; end < endCount; end++) {
    all[end] = end;
    partner[end] = end ^ 1;
  }
}

let all: Ints = changetype<Ints>(0);
let partner: Ints = changetype<Ints>(0);

/** Finds the near ends of each end as they lie now. */
export function costNearHops(): void {
  findNearest(all, endCount, partner, k, near);
  let i = 0;
  for (let end = 0; end < endCount; end++) {
    for (let n = 0; n < k; n++, i++) if (near[i] >= 0) seconds[i] = hopS(end, near[i]);
  }
}

/** The cost of the hop between two ends, s. Of two joints the shorter is the better one; with the way home nothing is joined. */
export function hopS(a: i32, b: i32): f64 {
  const dx = x[b] - x[a];
  const dy = y[b] - y[a];
  const distance2 = dx * dx + dy * dy;
  if (distance2 <= join2 && max(a, b) < endCount - 2) return distance2 * 1e-6;
  return fixedS + Math.sqrt(distance2) * sPerMm;
}

export function anyJoins(): bool {
  return join2 > 0;
}

/** Whether a hop of this cost is a joint: they cost next to nothing. */
export function isJoint(costS: f64): bool {
  return costS < fixedS;
}
