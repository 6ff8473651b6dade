import { hops, mates, NONE, SWAP, TURN_BOTH, TURN_TWICE, TWO_OPT } from "./exchanges";
import { hopS, k, near, seconds } from "./hop-costs";
import { size, whereIs } from "./tour";

/*
 * A move takes out the hop t1–t2 and puts in t2–t3, takes out t3–t4 and, with three hops, puts in t4–t5 and takes out t5–t6; the last
 * new hop goes back to t1. Every end has one hop only, so t2, t4 and t6 follow from t1, t3 and t5.
 */

/** What wins less, wins nothing, s. */
export const EPSILON_S: f64 = 1e-9;
/** Neighbours tried at the second new hop of a move; the first tries all. */
const SECOND_BREADTH = 5;
/** Most strokes that a promising move may turn, since most are taken back. */
const MAX_CHAIN_TURN = 300;

/** The best move found for an end. */
export let bestKind: i32 = 0;
export let bestGain: f64 = 0;
export let best3: i32 = 0;
export let best5: i32 = 0;
/** The most promising one that does not win by itself: its gain is what is open before its last hop is closed. */
export let promisingKind: i32 = 0;
export let promisingGain: f64 = 0;
export let promising3: i32 = 0;
export let promising5: i32 = 0;

/** Looks for the best and the most promising move. @param hop12 what the hop at `t1` is worth, s */
export function findMoves(t1: i32, hop12: f64): void {
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
