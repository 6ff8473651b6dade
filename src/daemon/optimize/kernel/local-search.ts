import { endCount } from "./ends";
import {
  done,
  doneCount,
  forgetExchanges,
  hops,
  mates,
  NONE,
  readHops,
  rebuild,
  swapPieces,
  takeBack,
  takeExchanges,
} from "./exchanges";
import { Bytes, Ints, takeBytes, takeInts } from "./memory";
import {
  best3,
  best5,
  bestGain,
  bestKind,
  EPSILON_S,
  findMoves,
  promising3,
  promising5,
  promisingGain,
  promisingKind,
} from "./moves";
import { entries, size } from "./tour";

/*
 * Improves a tour until no exchange of two or three hops among near neighbours makes it cheaper (3-opt, which holds 2-opt and
 * Or-opt). Ends whose surroundings did not change are not looked at again.
 */

/** Moves that lead on from one that does not win. */
const CHAIN_DEPTH = 2;

/** Ends to look at, a ring with room for each end once. */
let queue: Ints = changetype<Ints>(0);
let isQueued: Bytes = changetype<Bytes>(0);
let head: i32 = 0;
let queued: i32 = 0;

/** Seconds won since `mark`. */
export let gainS: f64 = 0;

export function takeSearch(): void {
  takeExchanges();
  queue = takeInts(endCount);
  isQueued = takeBytes(endCount);
}

/** Looks at every end anew. @param maxSteps see `search` */
export function searchAll(maxSteps: i32): void {
  readHops();
  head = 0;
  queued = 0;
  for (let i = 0; i < size; i++) {
    enqueue(entries[i]);
    enqueue(entries[i] ^ 1);
  }
  search(maxSteps, false);
}

export function enqueue(end: i32): void {
  if (isQueued[end] === 1) return;
  isQueued[end] = 1;
  const tail = head + queued++;
  queue[tail >= endCount ? tail - endCount : tail] = end;
}

/** @param maxSteps ends looked at, at most; @param isKept whether what is done can be taken back */
export function search(maxSteps: i32, isKept: bool): void {
  for (let steps = 0; queued > 0 && steps < maxSteps; steps++) {
    const end = queue[head];
    head = head + 1 === endCount ? 0 : head + 1;
    queued--;
    isQueued[end] = 0;
    while (improve(end)) if (!isKept) forgetExchanges();
  }
}

/** From here on changes can be taken back. */
export function mark(): void {
  forgetExchanges();
  gainS = 0;
}

/** Takes back all changes since `mark`. */
export function undo(): void {
  takeBack(0);
}

/**
 * Exchanges two pieces that lie one behind the other: after `a` come `b` … `bEnd` and `c` … `cEnd`, before `d`; then `c` … `cEnd`
 * come first. What it wins (or costs) is counted.
 */
export function exchangePieces(a: i32, b: i32, bEnd: i32, c: i32, cEnd: i32, d: i32): void {
  const before = hops[a] + hops[bEnd] + hops[cEnd];
  swapPieces(a, b, bEnd, c, cEnd, d);
  gainS += before - hops[a] - hops[cEnd] - hops[bEnd];
}

/**
 * Makes the best move that takes out the hop at `t1`, if any wins. If none does, the most promising one is made all the same and
 * led on from its open end, as Lin and Kernighan do; the chain is taken back when nothing comes of it.
 */
function improve(t1: i32): bool {
  let open = hops[t1];
  const before = doneCount;
  for (let depth = 0; ; depth++) {
    findMoves(t1, open);
    const t2 = mates[t1];
    if (bestGain > EPSILON_S) {
      rebuild(t1, t2, bestKind, best3, best5);
      gainS += bestGain;
      for (let i = before; i < doneCount; i++) enqueue(done[i]);
      return true;
    }
    if (depth === CHAIN_DEPTH || promisingKind === NONE) break;
    open = promisingGain;
    rebuild(t1, t2, promisingKind, promising3, promising5);
  }
  takeBack(before);
  return false;
}
