import { enqueue, exchangePieces, gainS, mark, search, undo } from "./local-search";
import { entries, size } from "./tour";

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
    const place = <i32>(random() * <f64>size);
    const first = 1 + <i32>(random() * longest);
    const second = 1 + <i32>(random() * longest);
    mark();
    shake(place, first, second);
    search(MAX_STEPS);
    if (gainS < -1e-12) undo();
  }
}

/** A double bridge: A [B] [C] D becomes A [C] [B] D. */
function shake(place: i32, first: i32, second: i32): void {
  const a = entries[place] ^ 1;
  const b = entries[wrap(place + 1)];
  const bEnd = entries[wrap(place + first)] ^ 1;
  const c = entries[wrap(place + first + 1)];
  const cEnd = entries[wrap(place + first + second)] ^ 1;
  const d = entries[wrap(place + first + second + 1)];
  exchangePieces(a, b, bEnd, c, cEnd, d);
  enqueue(a);
  enqueue(b);
  enqueue(bEnd);
  enqueue(c);
  enqueue(cEnd);
  enqueue(d);
}

function wrap(place: i32): i32 {
  return place >= size ? place - size : place;
}

let state: u32 = 0;

/** Mulberry32: numbers in 0…1. */
function random(): f64 {
  state += 0x6d2b79f5;
  let t = (state ^ (state >>> 15)) * (1 | state);
  t = (t + (t ^ (t >>> 7)) * (61 | t)) ^ t;
  return <f64>(t ^ (t >>> 14)) / 4294967296;
}
