import {
  at,
  count,
  cutBefore,
  down,
  entries,
  firstSlot,
  hasRoom,
  lastSlot,
  layOut,
  order,
  put,
  rankAt,
  segmentOf,
  setStart,
  size,
  whereIs,
} from "./tour";

/*
 * The one change of a tour is to turn a piece of it round; every other is made of such turns. A long piece is turned by turning the
 * order of its segments and the direction of each, a short one stroke by stroke. Cuts leave ever more segments; before there is no
 * room for more, the strokes are laid out afresh.
 */

/** Pieces of at most so many strokes are turned one by one. */
const SHORT_PIECE = 150;

/**
 * Takes out the hops `a`–`mateA` and `b`–`mateB` and puts in `a`–`b` and `mateA`–`mateB`. Both `a` and `b` must be where the pen
 * comes in, or both where it goes out.
 */
export function turnBetween(a: i32, mateA: i32, b: i32, mateB: i32): void {
  if ((whereIs(a) & 1) === 0) turn(a, mateB, b, mateA);
  else turn(mateA, b, mateB, a);
}

/** Turns the piece `first … last` round; the rest, `after … before`, instead where that is less work: the circle is the same. */
function turn(first: i32, last: i32, after: i32, before: i32): void {
  const from = whereIs(first) >> 1;
  const to = whereIs(last) >> 1;
  const length = to - from + 1 + (to < from ? size : 0);
  if (min(length, size - length) > SHORT_PIECE) {
    if (from <= to) turnSegments(from, to);
    else turnSegments(to + 1, from - 1);
  } else if (2 * length <= size) turnStrokes(first, last, length);
  else turnStrokes(after, before, size - length);
}

function turnStrokes(first: i32, last: i32, length: i32): void {
  let i = at[first] >> 1;
  let j = at[last] >> 1;
  if (abs(j - i) === length - 1 && segmentOf[i] === segmentOf[j]) turnSlots(min(i, j), max(i, j));
  else turnAcross(first, last, length);
}

function turnSlots(low: i32, high: i32): void {
  for (; low <= high; low++, high--) {
    const a = entries[low] ^ 1;
    const b = entries[high] ^ 1;
    put(low, b);
    put(high, a);
  }
}

/** Turns a piece that begins in one segment and ends in another. */
function turnAcross(first: i32, last: i32, length: i32): void {
  let i = at[first] >> 1;
  let j = at[last] >> 1;
  let segmentI: i32 = segmentOf[i];
  let segmentJ: i32 = segmentOf[j];
  let rankI = rankAt(whereIs(first) >> 1);
  let rankJ = rankAt(whereIs(last) >> 1);
  for (let left = length; left > 0; left -= 2) {
    const turned = 1 ^ ((down[segmentI] ^ down[segmentJ]) & 1);
    const a = entries[i] ^ turned;
    const b = entries[j] ^ turned;
    put(i, b);
    put(j, a);
    if (i === lastSlot(segmentI)) {
      rankI = rankI + 1 === count ? 0 : rankI + 1;
      segmentI = order[rankI];
      i = firstSlot(segmentI);
    } else i += 1 + 2 * down[segmentI];
    if (j === firstSlot(segmentJ)) {
      rankJ = rankJ === 0 ? count - 1 : rankJ - 1;
      segmentJ = order[rankJ];
      j = lastSlot(segmentJ);
    } else j -= 1 + 2 * down[segmentJ];
  }
}

function turnSegments(from: i32, to: i32): void {
  if (!hasRoom()) layOut();
  const firstRank = cutBefore(from);
  const lastRank = to + 1 === size ? count - 1 : cutBefore(to + 1) - 1;
  let place = from;
  for (let i = firstRank, j = lastRank; i < j; i++, j--) {
    const segment = order[i];
    order[i] = order[j];
    order[j] = segment;
  }
  for (let rank = firstRank; rank <= lastRank; rank++) {
    const segment = order[rank];
    down[segment] = ~down[segment];
    place = setStart(rank, place);
  }
}
