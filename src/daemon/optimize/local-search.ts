import type { Endpoints } from "./endpoints.ts";
import type { HopCost } from "./hop-cost.ts";
import type { Tour } from "./tour.ts";

/** Longest run of strokes that is moved elsewhere as a whole. */
const MAX_RUN = 3;
const EPSILON_S = 1e-9;

/**
 * Improves a tour until no exchange of two hops (2-opt) and no move of a short run of strokes (Or-opt) among near neighbours
 * makes it cheaper. Ends whose surroundings did not change are not looked at again.
 */
export class LocalSearch {
  readonly #tour: Tour;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #cost: HopCost;
  readonly #neighbors: Int32Array;
  readonly #k: number;
  readonly #maxTurn: number;
  /** Ends to look at, a ring with room for each end once. */
  readonly #queue: Int32Array;
  readonly #isQueued: Uint8Array;
  #head = 0;
  #queued = 0;
  /** Seconds won since it was last set to 0. */
  gainS = 0;

  /** @param neighbors `k` near ends of each end, nearest first, -1 for none; @param maxTurn longest piece turned round */
  constructor(tour: Tour, ends: Endpoints, cost: HopCost, neighbors: Int32Array, k: number, maxTurn: number) {
    this.#tour = tour;
    this.#x = ends.x;
    this.#y = ends.y;
    this.#cost = cost;
    this.#neighbors = neighbors;
    this.#k = k;
    this.#maxTurn = maxTurn;
    this.#queue = new Int32Array(ends.x.length);
    this.#isQueued = new Uint8Array(ends.x.length);
  }

  enqueueAll(): void {
    const { entries } = this.#tour;
    for (let i = 0; i < entries.length; i++) {
      this.enqueue(entries[i]!);
      this.enqueue(entries[i]! ^ 1);
    }
  }

  enqueue(end: number): void {
    if (this.#isQueued[end] === 1) return;
    this.#isQueued[end] = 1;
    const tail = this.#head + this.#queued++;
    this.#queue[tail >= this.#queue.length ? tail - this.#queue.length : tail] = end;
  }

  /** @param maxSteps ends looked at, at most; @returns how many were */
  run(maxSteps: number): number {
    let steps = 0;
    for (; this.#queued > 0 && steps < maxSteps; steps++) {
      const end = this.#queue[this.#head]!;
      this.#head = this.#head + 1 === this.#queue.length ? 0 : this.#head + 1;
      this.#queued--;
      this.#isQueued[end] = 0;
      while (this.#improve(end));
    }
    return steps;
  }

  /** The cost of the hop between two ends. */
  hop(a: number, b: number): number {
    return this.#cost.between(this.#x[b]! - this.#x[a]!, this.#y[b]! - this.#y[a]!);
  }

  cost(dx: number, dy: number): number {
    return this.#cost.between(dx, dy);
  }

  #improve(end: number): boolean {
    const tour = this.#tour;
    const mate = tour.mateOf(end);
    const now = this.hop(end, mate);
    const isEntry = tour.isEntry(end);
    for (let i = end * this.#k; i < (end + 1) * this.#k; i++) {
      const near = this.#neighbors[i]!;
      if (near < 0) return false;
      const won = now - this.hop(end, near);
      if (won <= EPSILON_S) return false;
      if (near === mate) continue;
      if (tour.isEntry(near) === isEntry && this.#exchange(end, mate, near, won)) return true;
      if (this.#moveRun(end, mate, near, won)) return true;
    }
    return false;
  }

  /** 2-opt: end–mate and near–its mate become end–near and mate–mate. */
  #exchange(end: number, mate: number, near: number, won: number): boolean {
    const tour = this.#tour;
    const nearMate = tour.mateOf(near);
    const gain = won + this.hop(near, nearMate) - this.hop(mate, nearMate);
    if (gain <= EPSILON_S) return false;
    if (tour.exchangeLength(end, mate, near, nearMate) > this.#maxTurn) return false;
    tour.exchange(end, mate, near, nearMate);
    this.#won(gain, end, mate, near, nearMate);
    return true;
  }

  /** Or-opt: a run of strokes that has `near` at one end is taken out and put between `end` and its mate, `near` next to `end`. */
  #moveRun(end: number, mate: number, near: number, won: number): boolean {
    const tour = this.#tour;
    const outer = tour.mateOf(near);
    const freed = won + this.hop(near, outer);
    let tail = near ^ 1;
    for (let run = 1; run <= MAX_RUN; run++) {
      // The run may not contain the gap that it is to fill.
      if (tail >> 1 === end >> 1 || tail >> 1 === mate >> 1) return false;
      const beyond = tour.mateOf(tail);
      if (beyond === outer) return false;
      const gain = freed + this.hop(tail, beyond) - this.hop(tail, mate) - this.hop(outer, beyond);
      if (gain > EPSILON_S && this.#carry(end, mate, near, outer, tail, beyond)) {
        this.#won(gain, end, mate, near, outer);
        this.enqueue(tail);
        this.enqueue(beyond);
        return true;
      }
      tail = beyond ^ 1;
    }
    return false;
  }

  /** Makes the move of a run out of exchanges, the run turned round in its place first when it would come in wrong. */
  #carry(end: number, mate: number, near: number, outer: number, tail: number, beyond: number): boolean {
    const tour = this.#tour;
    let nearSide = outer;
    let tailSide = beyond;
    if (tour.turnLength(tour.place[end >> 1]!, tour.place[near >> 1]!) > this.#maxTurn) return false;
    if (tour.isEntry(end) !== tour.isEntry(near)) {
      tour.exchange(outer, near, tail, beyond);
      nearSide = beyond;
      tailSide = outer;
    }
    tour.exchange(end, mate, near, nearSide);
    tour.exchange(tail, tailSide, mate, nearSide);
    return true;
  }

  #won(gain: number, a: number, b: number, c: number, d: number): void {
    this.gainS += gain;
    this.enqueue(a);
    this.enqueue(b);
    this.enqueue(c);
    this.enqueue(d);
  }
}
