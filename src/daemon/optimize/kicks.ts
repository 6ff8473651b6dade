import type { LocalSearch } from "./local-search.ts";
import type { Tour } from "./tour.ts";

/** Longest of the three pieces that a kick exchanges: local, so that what it spoils is soon mended. */
const MAX_PIECE = 10;
/** A local search after a kick looks at this many ends at most; it rarely needs fifty. */
const MAX_STEPS = 1000;

/**
 * Shakes a tour that local search can't improve: a small double bridge somewhere, local search around it, and back again if that
 * did not help. Places come from a fixed pseudo-random sequence, so the same tour ends the same way.
 */
export function kick(tour: Tour, search: LocalSearch, kicks: number): void {
  const { size } = tour;
  if (size < 8) return;
  const random = pseudoRandom();
  const longest = Math.min(MAX_PIECE, Math.floor(size / 3) - 1);
  for (let i = 0; i < kicks; i++) {
    const at = Math.floor(random() * size);
    const first = 1 + Math.floor(random() * longest);
    const second = 1 + Math.floor(random() * longest);
    search.mark();
    shake(tour, search, at, first, second);
    search.run(MAX_STEPS);
    if (search.gainS < -1e-12) search.undo();
  }
}

/** A double bridge: A [B] [C] D becomes A [C] [B] D. */
function shake(tour: Tour, search: LocalSearch, at: number, first: number, second: number): void {
  const { entries, size } = tour;
  const wrap = (place: number): number => (place >= size ? place - size : place);
  const a = entries[at]! ^ 1;
  const b = entries[wrap(at + 1)]!;
  const bEnd = entries[wrap(at + first)]! ^ 1;
  const c = entries[wrap(at + first + 1)]!;
  const cEnd = entries[wrap(at + first + second)]! ^ 1;
  const d = entries[wrap(at + first + second + 1)]!;
  search.exchangePieces(a, b, bEnd, c, cEnd, d);
  search.enqueue(a);
  search.enqueue(b);
  search.enqueue(bEnd);
  search.enqueue(c);
  search.enqueue(cEnd);
  search.enqueue(d);
}

/** Mulberry32 with a fixed seed: numbers in 0…1. */
function pseudoRandom(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
