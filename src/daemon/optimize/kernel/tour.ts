import { Bytes, Ints, takeBytes, takeInts } from "./memory";

/*
 * A circle through all strokes. Its one change is to turn a piece of it round; every other is made of such turns.
 *
 * The strokes lie in slots, cut into segments. Within a segment the tour runs through the slots upwards or downwards, and the
 * segments have an order of their own. A long piece is turned by turning the order of its segments and the direction of each, a
 * short one stroke by stroke (a doubly linked list of two levels, as array). Cuts leave ever more segments; before there is no
 * room for more, the strokes are laid out afresh.
 */

/** In each slot the end where the pen comes in if the tour runs upwards there. */
export let entries: Ints = changetype<Ints>(0);
/** Of each end: twice the slot of its stroke, and one more where the pen goes out if the tour runs upwards there. */
export let at: Ints = changetype<Ints>(0);
export let size: i32 = 0;

/** Pieces of at most so many strokes are turned one by one. */
const SHORT_PIECE = 150;
/** Segments are numbered by a byte. A fresh layout has so many of them at most, and none that is shorter than it need be. */
const MAX_SEGMENTS = 256;
const FRESH_SEGMENTS = 32;
const FRESH_LENGTH = 256;

/** Where to lay the strokes out afresh, and the segment of each slot. */
let spare: Ints = changetype<Ints>(0);
let segmentOf: Bytes = changetype<Bytes>(0);
/** In order of the tour: the segments, and the places of their first strokes. */
let order: Ints = changetype<Ints>(0);
let starts: Ints = changetype<Ints>(0);
let count: i32 = 0;
/** Of each segment: its lowest and highest slot, -1 where the tour runs downwards (else 0), and what `whereIs` adds. */
let lowest: Ints = changetype<Ints>(0);
let highest: Ints = changetype<Ints>(0);
let down: Ints = changetype<Ints>(0);
let offset: Ints = changetype<Ints>(0);

export function takeTour(strokes: i32): void {
  size = strokes;
  entries = takeInts(size);
  spare = takeInts(size);
  at = takeInts(2 * size);
  segmentOf = takeBytes(size);
  order = takeInts(MAX_SEGMENTS);
  starts = takeInts(MAX_SEGMENTS);
  lowest = takeInts(MAX_SEGMENTS);
  highest = takeInts(MAX_SEGMENTS);
  down = takeInts(MAX_SEGMENTS);
  offset = takeInts(MAX_SEGMENTS);
}

/** To be called when `entries` are written, from the first place on. */
export function placeEnds(): void {
  for (let slot = 0; slot < size; slot++) put(slot, entries[slot]);
  const length = max(FRESH_LENGTH, (size + FRESH_SEGMENTS - 1) / FRESH_SEGMENTS);
  count = 0;
  for (let first = 0; first < size; first += length) {
    const last = min(first + length, size) - 1;
    lowest[count] = first;
    highest[count] = last;
    down[count] = 0;
    offset[count] = 0;
    order[count] = count;
    starts[count] = first;
    memory.fill(changetype<usize>(segmentOf) + first, <u8>count, last - first + 1);
    count++;
  }
}

/** Lays the strokes out along the tour, so that slots are places. */
export function layOut(): void {
  let place = 0;
  for (let rank = 0; rank < count; rank++) {
    const segment = order[rank];
    const low = lowest[segment];
    const high = highest[segment];
    if (down[segment] === 0) for (let slot = low; slot <= high; slot++) spare[place++] = entries[slot];
    else for (let slot = high; slot >= low; slot--) spare[place++] = entries[slot] ^ 1;
  }
  const before = entries;
  entries = spare;
  spare = before;
  placeEnds();
}

/** Twice the place of the end's stroke in the tour, and one more where the pen goes out. */
export function whereIs(end: i32): i32 {
  const here = at[end];
  const segment = segmentOf[here >> 1];
  const sign = down[segment];
  return offset[segment] + ((here ^ sign) - sign);
}

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

function put(slot: i32, entry: i32): void {
  entries[slot] = entry;
  at[entry] = 2 * slot;
  at[entry ^ 1] = 2 * slot + 1;
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

function firstSlot(segment: i32): i32 {
  return down[segment] === 0 ? lowest[segment] : highest[segment];
}

function lastSlot(segment: i32): i32 {
  return down[segment] === 0 ? highest[segment] : lowest[segment];
}

function turnSegments(from: i32, to: i32): void {
  if (count > MAX_SEGMENTS - 2) layOut();
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

/** @returns the place after the segment */
function setStart(rank: i32, place: i32): i32 {
  const segment = order[rank];
  const low = lowest[segment];
  const high = highest[segment];
  starts[rank] = place;
  offset[segment] = down[segment] === 0 ? 2 * (place - low) : 2 * (place + high) + 1;
  return place + high - low + 1;
}

/** Makes a segment begin at a place. @returns its rank */
function cutBefore(place: i32): i32 {
  const rank = rankAt(place);
  const strokes = place - starts[rank];
  if (strokes === 0) return rank;
  for (let i = count; i > rank + 1; i--) {
    order[i] = order[i - 1];
    starts[i] = starts[i - 1];
  }
  const segment = order[rank];
  const added = count++;
  order[rank + 1] = added;
  down[added] = down[segment];
  if (down[segment] === 0) {
    lowest[added] = lowest[segment] + strokes;
    highest[added] = highest[segment];
    highest[segment] = lowest[added] - 1;
  } else {
    lowest[added] = lowest[segment];
    highest[added] = highest[segment] - strokes;
    lowest[segment] = highest[added] + 1;
  }
  memory.fill(changetype<usize>(segmentOf) + lowest[added], <u8>added, highest[added] - lowest[added] + 1);
  setStart(rank, starts[rank]);
  setStart(rank + 1, place);
  return rank + 1;
}

/** The rank of the segment that holds a place. */
function rankAt(place: i32): i32 {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
