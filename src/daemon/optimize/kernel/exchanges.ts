import { endCount } from "./ends";
import { hopS } from "./hop-costs";
import { Floats, Ints, takeFloats, takeInts } from "./memory";
import { entries, layOut, size, whereIs } from "./tour";
import { turnBetween } from "./turn";

/** How a move puts hops together anew; see `rebuild`. */
export const NONE = 0;
export const TWO_OPT = 1;
export const TURN_TWICE = 2;
export const SWAP = 3;
export const TURN_BOTH = 4;

/** The end at the other side of each end's hop, and what that hop costs, s. */
export let mates: Ints = changetype<Ints>(0);
export let hops: Floats = changetype<Floats>(0);

/** Ends of the exchanges made, four to each, so that they can be taken back: two hops `a`–`mateA` and `b`–`mateB` as they were. */
export let done: Ints = changetype<Ints>(0);
export let doneCount: i32 = 0;
const FIRST_ROOM = 1024;
let doneRoom: i32 = 0;

export function takeExchanges(): void {
  mates = takeInts(endCount);
  hops = takeFloats(endCount);
  doneRoom = FIRST_ROOM;
  done = takeInts(doneRoom);
  doneCount = 0;
}

/** Reads the hops of the tour as it is. */
export function readHops(): void {
  layOut();
  for (let i = 0; i < size; i++) link(entries[i] ^ 1, entries[i + 1 === size ? 0 : i + 1]);
}

/** What was exchanged until now stays. */
export function forgetExchanges(): void {
  doneCount = 0;
}

/** Takes back exchanges until so many numbers of `done` are left. */
export function takeBack(until: i32): void {
  while (doneCount > until) {
    doneCount -= 4;
    const a = done[doneCount];
    const mateA = done[doneCount + 1];
    const b = done[doneCount + 2];
    const mateB = done[doneCount + 3];
    turnBetween(a, b, mateA, mateB);
    link(a, mateA);
    link(b, mateB);
  }
}

/**
 * Makes a move (see moves.ts). A is what lies from t2 to the first cut, B from there to the second, C the rest.
 *
 * @param t5 -1 for a move of two hops
 */
export function rebuild(t1: i32, t2: i32, kind: i32, t3: i32, t5: i32): void {
  const t4 = mates[t3];
  const t6 = t5 < 0 ? -1 : mates[t5];
  if (kind === SWAP) swapShorter(t1, t2, t5, t6, t3, t4);
  else if (kind === TURN_BOTH) {
    exchange(t1, t2, t6, t5);
    exchange(t2, t5, t3, t4);
  } else {
    exchange(t2, t1, t3, t4);
    if (kind === TURN_TWICE) exchange(t4, t1, t5, t6);
  }
}

/**
 * Exchanges two pieces that lie one behind the other: after `a` come `b` … `bEnd` and `c` … `cEnd`, before `d`; then `c` … `cEnd`
 * come first.
 */
export function swapPieces(a: i32, b: i32, bEnd: i32, c: i32, cEnd: i32, d: i32): void {
  // Turn both together, then each by itself; told by ends, for a turn may have turned the rest instead.
  exchange(a, b, cEnd, d);
  exchange(a, cEnd, c, bEnd);
  exchange(cEnd, bEnd, b, d);
}

/** Of the three pieces between the hops t1–t2, t5–t6 and t3–t4 the longest stays where it is. */
function swapShorter(t1: i32, t2: i32, t5: i32, t6: i32, t3: i32, t4: i32): void {
  const a = strokesIn(t2, t5);
  const b = strokesIn(t6, t3);
  const c = strokesIn(t4, t1);
  if (c >= a && c >= b) swapPieces(t1, t2, t5, t6, t3, t4);
  else if (a >= b) swapPieces(t5, t6, t3, t4, t1, t2);
  else swapPieces(t3, t4, t1, t2, t5, t6);
}

/** Strokes of a piece, given by its two ends. */
function strokesIn(first: i32, last: i32): i32 {
  const runsBack = (whereIs(first) & 1) === 1;
  const span = (whereIs(runsBack ? first : last) >> 1) - (whereIs(runsBack ? last : first) >> 1);
  return span < 0 ? span + size : span;
}

function exchange(a: i32, mateA: i32, b: i32, mateB: i32): void {
  turnBetween(a, mateA, b, mateB);
  link(a, b);
  link(mateA, mateB);
  if (doneCount + 4 > doneRoom) growDone();
  done[doneCount] = a;
  done[doneCount + 1] = mateA;
  done[doneCount + 2] = b;
  done[doneCount + 3] = mateB;
  doneCount += 4;
}

function growDone(): void {
  const larger = takeInts(2 * doneRoom);
  memory.copy(changetype<usize>(larger), changetype<usize>(done), (<usize>doneRoom) << 2);
  done = larger;
  doneRoom *= 2;
}

function link(a: i32, b: i32): void {
  const cost = hopS(a, b);
  mates[a] = b;
  mates[b] = a;
  hops[a] = cost;
  hops[b] = cost;
}
