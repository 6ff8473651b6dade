import { mate, otherEnd, pair, takeChains } from "./chains";
import { sortByUpperHalf } from "./cheapest-first";
import { endCount } from "./ends";
import { anyJoins, hopS, k, near } from "./hop-costs";
import { joinEnds } from "./join-ends";
import { freeSince, Ints, takeFloats, takeInts, takeLongs, used } from "./memory";
import { findNearest } from "./neighbors";

// Ends that have no hop yet, and the nearest of them to each.
let free: Ints = changetype<Ints>(0);
let freeCount: i32 = 0;
let nearest: Ints = changetype<Ints>(0);
let place: Ints = changetype<Ints>(0);

/**
 * A first tour: joints first, then the cheapest hops anywhere, as long as they neither fork nor close a circle too soon. What is
 * left are chains, whose free ends are paired in the same way until one chain remains.
 *
 * @param entries written: the stroke ends at which the pen comes in, in order, beginning with the way home
 */
export function greedyTour(entries: Ints): void {
  const mark = used();
  takeChains();
  free = takeInts(endCount);
  nearest = takeInts(endCount * k);
  place = takeInts(endCount);
  for (let end = 0; end < endCount; end++) free[end] = end;
  freeCount = endCount;
  memory.copy(changetype<usize>(nearest), changetype<usize>(near), (<usize>(endCount * k)) << 2);
  if (anyJoins()) {
    joinEnds();
    dropPaired();
    findNearest(free, freeCount, otherEnd, k, nearest);
  }
  while (freeCount > 2) {
    pairFreeEnds();
    dropPaired();
    findNearest(free, freeCount, otherEnd, k, nearest);
  }
  mate[free[0]] = free[1];
  mate[free[1]] = free[0];
  followMates(entries);
  freeSince(mark);
}

function dropPaired(): void {
  let count = 0;
  for (let i = 0; i < freeCount; i++) if (mate[free[i]] === -1) free[count++] = free[i];
  freeCount = count;
}

/** The cheapest hops between free ends, as far as their ends are still free when their turn comes. */
function pairFreeEnds(): void {
  const mark = used();
  const froms = takeInts(freeCount * k);
  const tos = takeInts(freeCount * k);
  const costs = takeFloats(freeCount * k);
  for (let i = 0; i < freeCount; i++) place[free[i]] = i;
  let count = 0;
  let highest: f64 = 1e-9;
  for (let i = 0; i < freeCount; i++) {
    const from = free[i];
    for (let j = i * k; j < (i + 1) * k; j++) {
      const to = nearest[j];
      if (to < 0) break;
      // Of two ends that are near to each other one tells of the pair.
      if (to < from && isNear(place[to] * k, from)) continue;
      froms[count] = from;
      tos[count] = to;
      costs[count] = hopS(from, to);
      highest = max(highest, costs[count]);
      count++;
    }
  }
  const pairs = takeLongs(count);
  const scale = <f64>0xffffffff / highest;
  for (let i = 0; i < count; i++) pairs[i] = ((<u64>(costs[i] * scale)) << 32) | <u64>i;
  const sorted = sortByUpperHalf(pairs, count);
  let chains = freeCount >> 1;
  for (let i = 0; i < count && chains > 1; i++) {
    const from = froms[<i32>sorted[i]];
    const to = tos[<i32>sorted[i]];
    if (mate[from] !== -1 || mate[to] !== -1 || otherEnd[from] === to) continue;
    pair(from, to);
    chains--;
  }
  freeSince(mark);
}

function isNear(from: i32, id: i32): bool {
  for (let i = from; i < from + k; i++) if (nearest[i] === id) return true;
  return false;
}

function followMates(entries: Ints): void {
  const strokes = endCount >> 1;
  let entry = endCount - 2;
  for (let i = 0; i < strokes; i++) {
    entries[i] = entry;
    entry = mate[entry ^ 1];
  }
}
