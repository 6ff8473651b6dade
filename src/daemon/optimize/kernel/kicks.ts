import { endCount } from "./ends";
import { mates } from "./exchanges";
import { enqueue, exchangePieces, gainS, mark, search, undo } from "./local-search";
import { size } from "./tour";

/** Longest of the pieces that a kick exchanges: local, so that what it spoils is soon mended. */
const MAX_PIECE = 10;
/** A local search after a kick looks at this many ends at most; it rarely needs fifty. */
const MAX_STEPS = 1000;

/**
 * Shakes a tour that local search can't improve: a small double bridge somewhere, local search around it, and back again if that
 * did not help. Places come from a fixed pseudo-random sequence, so the same tour ends the same way.
 */
export function kickTour(kicks: i32): void {
  if (size < 8) return;
  state = 0x9e3779b9;
  const longest = <f64>min(MAX_PIECE, size / 3 - 1);
  for (let i = 0; i < kicks; i++) {
    const a = <i32>(random() * <f64>endCount);
    const first = 1 + <i32>(random() * longest);
    const second = 1 + <i32>(random() * longest);
    mark();
    shake(a, first, second);
    search(MAX_STEPS, true);
    if (gainS < -1e-12) undo();
  }
}

/** A double bridge: A [B] [C] D becomes A [C] [B] D, A ending at `a`. */
function shake(a: i32, first: i32, second: i32): void {
  const b = mates[a];
  const bEnd = endAfter(b, first);
  const c = mates[bEnd];
  const cEnd = endAfter(c, second);
  const d = mates[cEnd];
  exchangePieces(a, b, bEnd, c, cEnd, d);
  enqueue(a);
  enqueue(b);
  enqueue(bEnd);
  enqueue(c);
  enqueue(cEnd);
  enqueue(d);
}

/** The last end of the piece of so many strokes that begins at `end`. */
function endAfter(end: i32, strokes: i32): i32 {
  let last = end ^ 1;
  for (let i = 1; i < strokes; i++) last = mates[last] ^ 1;
  return last;
}

let state: u32 = 0;

/** Mulberry32: numbers in 0…1. */
function random(): f64 {
  state += 0x6d2b79f5;
  let t = (state ^ (state >>> 15)) * (1 | state);
  t = (t + (t ^ (t >>> 7)) * (61 | t)) ^ t;
  return <f64>(t ^ (t >>> 14)) / 4294967296;
}
