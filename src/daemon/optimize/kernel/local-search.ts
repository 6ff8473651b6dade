import { endCount } from "./ends";
import { hopS, k, near, seconds } from "./hop-costs";
import { Bytes, Floats, Ints, takeBytes, takeFloats, takeInts } from "./memory";
import { entries, layOut, size, turnBetween, whereIs } from "./tour";

/*
 * Improves a tour until no exchange of two or three hops among near neighbours makes it cheaper (3-opt, which holds 2-opt and
 * Or-opt). Ends whose surroundings did not change are not looked at again.
 *
 * A move takes out the hop t1–t2 and puts in t2–t3, takes out t3–t4 and, with three hops, puts in t4–t5 and takes out t5–t6; the last
 * new hop goes back to t1. Every end has one hop only, so t2, t4 and t6 follow from t1, t3 and t5.
 */

const EPSILON_S: f64 = 1e-9;
/** Neighbours tried at the second new hop of a move; the first tries all. */
const SECOND_BREADTH = 5;
/** Moves that lead on from one that does not win, and most strokes such a one may turn, since most are taken back. */
const CHAIN_DEPTH = 2;
const MAX_CHAIN_TURN = 300;

/** How hops are put together anew; see `rebuild`. */
const NONE = 0;
const TWO_OPT = 1;
const TURN_TWICE = 2;
const SWAP = 3;
const TURN_BOTH = 4;

/** The end at the other side of each end's hop, and what that hop costs. */
let mates: Ints = changetype<Ints>(0);
let hops: Floats = changetype<Floats>(0);

/** Ends to look at, a ring with room for each end once. */
let queue: Ints = changetype<Ints>(0);
let isQueued: Bytes = changetype<Bytes>(0);
let head: i32 = 0;
let queued: i32 = 0;

/** The best move found for an end. */
let bestKind: i32 = 0;
let bestGain: f64 = 0;
let best3: i32 = 0;
let best5: i32 = 0;
/** The most promising one that does not win by itself: its gain is what is open before its last hop is closed. */
let promisingKind: i32 = 0;
let promisingGain: f64 = 0;
let promising3: i32 = 0;
let promising5: i32 = 0;

/** Ends of the exchanges since `mark`, four to each, so that they can be taken back. */
const FIRST_ROOM = 1024;
let done: Ints = changetype<Ints>(0);
let doneRoom: i32 = 0;
let doneCount: i32 = 0;

/** Seconds won since `mark`. */
export let gainS: f64 = 0;

export function takeSearch(): void {
  mates = takeInts(endCount);
  hops = takeFloats(endCount);
  queue = takeInts(endCount);
  isQueued = takeBytes(endCount);
  doneRoom = FIRST_ROOM;
  done = takeInts(doneRoom);
  doneCount = 0;
}

/** Looks at every end anew. @param maxSteps see `search` */
export function searchAll(maxSteps: i32): void {
  head = 0;
  queued = 0;
  layOut();
  for (let i = 0; i < size; i++) {
    link(entries[i] ^ 1, entries[i + 1 === size ? 0 : i + 1]);
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
    while (improve(end)) if (!isKept) doneCount = 0;
  }
}

/** From here on changes can be taken back. */
export function mark(): void {
  doneCount = 0;
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

/** The end at the other side of an end's hop. */
export function mateOf(end: i32): i32 {
  return mates[end];
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

/** Takes back exchanges until so many numbers of `done` are left. */
function takeBack(until: i32): void {
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

/** Looks for the best and the most promising move. @param hop12 what the hop at `t1` is worth, s */
function findMoves(t1: i32, hop12: f64): void {
  const t2 = mates[t1];
  // Looking along the tour so that the pen leaves t1 for t2: 0 as it runs, 1 backwards.
  const back = (whereIs(t1) & 1) ^ 1;
  const origin = whereIs(t2) >> 1;
  bestGain = EPSILON_S;
  promisingGain = 0;
  promisingKind = NONE;
  for (let n = t2 * k, last = n + k; n < last; n++) {
    const t3 = near[n];
    if (t3 < 0) break;
    const open = hop12 - seconds[n];
    if (open <= EPSILON_S) break;
    if (t3 === t1) continue;
    const t4 = mates[t3];
    const where3 = whereIs(t3);
    const i = strokesAfter(origin, where3, back);
    const isOut = ((where3 & 1) ^ back) === 1;
    const opened = open + hops[t3];
    if (!isOut) {
      const gain = opened - hopS(t4, t1);
      if (gain > bestGain) noteBest(TWO_OPT, gain, t3, -1);
      if (opened > promisingGain && min(i, size - i) <= MAX_CHAIN_TURN) notePromising(TWO_OPT, opened, t3, -1);
    } else if (i === 0) continue;
    findThirdHop(t1, t3, t4, i, isOut, opened, back, origin);
  }
}

function findThirdHop(t1: i32, t3: i32, t4: i32, i: i32, isOut: bool, opened: f64, back: i32, origin: i32): void {
  for (let m = t4 * k, end = m + min(k, SECOND_BREADTH); m < end; m++) {
    const t5 = near[m];
    if (t5 < 0) return;
    const open5 = opened - seconds[m];
    if (open5 <= EPSILON_S) return;
    if (t5 === t3) continue;
    const where5 = whereIs(t5);
    const j = strokesAfter(origin, where5, back);
    const isOut5 = ((where5 & 1) ^ back) === 1;
    const isPossible = isOut ? (isOut5 ? j < i : j > 0 && j <= i) : isOut5 ? j < i - 1 : j > i;
    if (!isPossible) continue;
    const opened5 = open5 + hops[t5];
    const gain = opened5 - hopS(mates[t5], t1);
    if (gain <= bestGain && opened5 <= promisingGain) continue;
    const kind = isOut ? (isOut5 ? SWAP : TURN_BOTH) : TURN_TWICE;
    if (gain > bestGain) noteBest(kind, gain, t3, t5);
    if (opened5 > promisingGain && strokesTurned(i, j, isOut, isOut5) <= MAX_CHAIN_TURN) {
      notePromising(kind, opened5, t3, t5);
    }
  }
}

/** How many strokes after the one at `origin` the stroke of an end comes. @param where see `whereIs` */
function strokesAfter(origin: i32, where: i32, back: i32): i32 {
  const place = where >> 1;
  const strokes = back === 0 ? place - origin : origin - place;
  return strokes < 0 ? strokes + size : strokes;
}

function noteBest(kind: i32, gain: f64, t3: i32, t5: i32): void {
  bestKind = kind;
  bestGain = gain;
  best3 = t3;
  best5 = t5;
}

function notePromising(kind: i32, gain: f64, t3: i32, t5: i32): void {
  promisingKind = kind;
  promisingGain = gain;
  promising3 = t3;
  promising5 = t5;
}

/** About how many strokes a move of three hops turns round, its pieces being `i` and `j` strokes from t2. */
function strokesTurned(i: i32, j: i32, isOut: bool, isOut5: bool): i32 {
  if (!isOut) return min(i, size - i) + min(j, size - j);
  const a = min(i, j) + 1;
  const b = abs(i - j);
  const c = size - a - b;
  if (isOut5) return a + b + c - max(a, max(b, c));
  return min(a, size - a) + min(b, size - b);
}

/** A is what lies from t2 to the first cut, B from there to the second, C the rest. */
function rebuild(t1: i32, t2: i32, kind: i32, t3: i32, t5: i32): void {
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

function swapPieces(a: i32, b: i32, bEnd: i32, c: i32, cEnd: i32, d: i32): void {
  // Turn both together, then each by itself; told by ends, for a turn may have turned the rest instead.
  exchange(a, b, cEnd, d);
  exchange(a, cEnd, c, bEnd);
  exchange(cEnd, bEnd, b, d);
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
