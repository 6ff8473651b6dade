import { Ints, takeInts } from "./memory";

/**
 * A circle through all strokes: at each place the end where the pen comes in. Turning a piece of it round is the one change;
 * every other is made of such turns, so that a journal of turns can take anything back.
 */
export let entries: Ints = changetype<Ints>(0);
/** Of each end: twice the place of its stroke, and one more where the pen goes out. */
export let at: Ints = changetype<Ints>(0);
export let size: i32 = 0;

const FIRST_JOURNAL = 1024;
/** From, to and length of the turns since `markTour`. */
let journal: Ints = changetype<Ints>(0);
let journalRoom: i32 = 0;
let journaled: i32 = 0;
let isJournaling: bool = false;

export function takeTour(strokes: i32): void {
  size = strokes;
  entries = takeInts(size);
  at = takeInts(2 * size);
  journal = takeInts(FIRST_JOURNAL);
  journalRoom = FIRST_JOURNAL;
  journaled = 0;
  isJournaling = false;
}

/** To be called when `entries` are written. */
export function placeEnds(): void {
  for (let i = 0; i < size; i++) put(i, entries[i]);
}

function put(place: i32, entry: i32): void {
  entries[place] = entry;
  at[entry] = 2 * place;
  at[entry ^ 1] = 2 * place + 1;
}

/** Where the pen comes in next after leaving by this end, or where it went out before coming in by it. */
export function mateOf(end: i32): i32 {
  const place = at[end] >> 1;
  if ((at[end] & 1) === 0) return entries[place === 0 ? size - 1 : place - 1] ^ 1;
  return entries[place === size - 1 ? 0 : place + 1];
}

/**
 * Takes out the hops `a`–`mateA` and `b`–`mateB` and puts in `a`–`b` and `mateA`–`mateB`. Both `a` and `b` must be where the pen
 * comes in, or both where it goes out.
 */
export function turnBetween(a: i32, mateA: i32, b: i32, mateB: i32): void {
  if ((at[a] & 1) === 0) turn(at[a] >> 1, at[mateB] >> 1);
  else turn(at[mateA] >> 1, at[b] >> 1);
}

export function markTour(): void {
  isJournaling = true;
  journaled = 0;
}

/** Takes back all turns since `markTour`. */
export function undoTurns(): void {
  for (let i = journaled - 3; i >= 0; i -= 3) swapRound(journal[i], journal[i + 1], journal[i + 2]);
  journaled = 0;
}

/** Turns places `from … to` round; the rest instead, where that is shorter: the circle is the same. */
function turn(from: i32, to: i32): void {
  let length = to >= from ? to - from + 1 : to - from + 1 + size;
  let i = from;
  let j = to;
  if (length * 2 > size) {
    i = to === size - 1 ? 0 : to + 1;
    j = from === 0 ? size - 1 : from - 1;
    length = size - length;
  }
  if (isJournaling) note(i, j, length);
  swapRound(i, j, length);
}

function note(from: i32, to: i32, length: i32): void {
  if (journaled + 3 > journalRoom) {
    const larger = takeInts(2 * journalRoom);
    memory.copy(changetype<usize>(larger), changetype<usize>(journal), (<usize>journaled) << 2);
    journal = larger;
    journalRoom *= 2;
  }
  journal[journaled++] = from;
  journal[journaled++] = to;
  journal[journaled++] = length;
}

function swapRound(from: i32, to: i32, length: i32): void {
  let i = from;
  let j = to;
  for (let left = length; left > 0; left -= 2) {
    const a = entries[i] ^ 1;
    const b = entries[j] ^ 1;
    put(i, b);
    put(j, a);
    i = i === size - 1 ? 0 : i + 1;
    j = j === 0 ? size - 1 : j - 1;
  }
}
