import { Bytes, Ints, takeBytes, takeInts } from "./memory";

/*
 * A circle through all strokes. They lie in slots, cut into segments: within a segment the tour runs through the slots upwards or
 * downwards, and the segments have an order of their own (a list of two levels). So a long piece can be turned round (see turn.ts)
 * without touching its strokes.
 */

/** In each slot the end where the pen comes in if the tour runs upwards there. */
export let entries: Ints = changetype<Ints>(0);
/** Of each end: twice the slot of its stroke, and one more where the pen goes out if the tour runs upwards there. */
export let at: Ints = changetype<Ints>(0);
export let size: i32 = 0;

/** Segments are numbered by a byte. */
const MAX_SEGMENTS = 256;
/** Laid out afresh, so many segments at most, each at least so long. */
const FRESH_SEGMENTS = 32;
const FRESH_LENGTH = 256;

/** Where to lay the strokes out afresh, and the segment of each slot. */
let spare: Ints = changetype<Ints>(0);
export let segmentOf: Bytes = changetype<Bytes>(0);
/** In order of the tour: the segments, and the places of their first strokes. */
export let order: Ints = changetype<Ints>(0);
let starts: Ints = changetype<Ints>(0);
export let count: i32 = 0;
/** Of each segment: its lowest and highest slot, -1 where the tour runs downwards (else 0), and what `whereIs` adds. */
let lowest: Ints = changetype<Ints>(0);
let highest: Ints = changetype<Ints>(0);
export let down: Ints = changetype<Ints>(0);
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

/** Puts a stroke into a slot. */
export function put(slot: i32, entry: i32): void {
  entries[slot] = entry;
  at[entry] = 2 * slot;
  at[entry ^ 1] = 2 * slot + 1;
}

/** Where the tour comes into a segment, and where it leaves it. */
export function firstSlot(segment: i32): i32 {
  return down[segment] === 0 ? lowest[segment] : highest[segment];
}

export function lastSlot(segment: i32): i32 {
  return down[segment] === 0 ? highest[segment] : lowest[segment];
}

/** Tells the segment of a rank at which place it begins. @returns the place after it */
export function setStart(rank: i32, place: i32): i32 {
  const segment = order[rank];
  const low = lowest[segment];
  const high = highest[segment];
  starts[rank] = place;
  offset[segment] = down[segment] === 0 ? 2 * (place - low) : 2 * (place + high) + 1;
  return place + high - low + 1;
}

/** Whether there is room for two cuts. */
export function hasRoom(): bool {
  return count + 2 <= MAX_SEGMENTS;
}

/** Makes a segment begin at a place; there must be room for it (see `hasRoom`). @returns its rank */
export function cutBefore(place: i32): i32 {
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
export function rankAt(place: i32): i32 {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
