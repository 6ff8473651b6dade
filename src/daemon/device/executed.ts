import type { Point } from "../../shared/geometry.ts";
import type { PlanPosition } from "../../shared/plan.ts";

interface Entry {
  readonly from: Point;
  readonly to: Point;
  readonly move: number;
  readonly startMm: number;
  readonly endMm: number;
}

/** A board executes one command while one more waits, so a place can only lie in the newest few that were sent. */
const WINDOW = 4;

/**
 * Turns the board's step counters into a `PlanPosition`: remembers the newest slices sent, and finds the one on which the
 * counted place lies.
 */
export class ExecutedTracker {
  readonly #entries: Entry[] = [];
  #last: PlanPosition;
  #at: Point;

  constructor(start: PlanPosition, at: Point) {
    this.#last = start;
    this.#at = at;
  }

  /** The newest position known to have been executed. */
  get position(): PlanPosition {
    return this.#last;
  }

  /** A slice was sent that ends at `to`, `endMm` along its move. */
  sent(to: Point, move: number, startMm: number, endMm: number): void {
    this.#entries.push({ from: this.#at, to, move, startMm, endMm });
    this.#at = to;
    if (this.#entries.length > WINDOW) this.#entries.shift();
  }

  /** What has been sent up to now; `executed` compares with this, not with what is sent while the answer is on its way. */
  mark(): readonly Entry[] {
    return [...this.#entries];
  }

  /** How far a counted place lies beside everything the board can be at, mm: much of it, and the board has lost count. */
  strayMm(place: Point, sentBefore: readonly Entry[]): number {
    if (sentBefore.length === 0) return 0;
    return Math.min(...sentBefore.map((entry) => nearest(place, entry).distanceMm));
  }

  executed(place: Point, sentBefore: readonly Entry[]): PlanPosition {
    let bestMm = Infinity;
    let best = this.#last;
    for (const entry of sentBefore) {
      const { distanceMm, share } = nearest(place, entry);
      const position = { move: entry.move, mm: entry.startMm + share * (entry.endMm - entry.startMm) };
      if (isBefore(position, this.#last) || distanceMm > bestMm - 1e-3) continue;
      bestMm = distanceMm;
      best = position;
    }
    this.#last = best;
    return best;
  }

  /** The machine stands still and all is done. */
  settled(position: PlanPosition): void {
    this.#last = position;
    this.#entries.length = 0;
  }
}

export function isBefore(a: PlanPosition, b: PlanPosition): boolean {
  return a.move < b.move || (a.move === b.move && a.mm < b.mm);
}

function nearest(place: Point, { from, to }: Entry): { distanceMm: number; share: number } {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length2 = dx * dx + dy * dy;
  const along = length2 > 0 ? ((place.x - from.x) * dx + (place.y - from.y) * dy) / length2 : 1;
  const share = Math.min(1, Math.max(0, along));
  return { distanceMm: Math.hypot(from.x + share * dx - place.x, from.y + share * dy - place.y), share };
}
