import type { Endpoints } from "./endpoints.ts";
import type { HopCost } from "./hop-cost.ts";
import type { Tour } from "./tour.ts";

/** Longest run of strokes that is moved elsewhere as a whole. */
const MAX_RUN = 3;
const EPSILON_S = 1e-9;
/** Of a chain of exchanges: links, first links tried, and strokes a link may turn, since most are taken back. */
const CHAIN_DEPTH = 8;
const CHAIN_BREADTH = 5;
const MAX_CHAIN_TURN = 1000;

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
  /** What it costs to go to each of them. */
  readonly #neighborCosts: Float64Array;
  #maxTurn: number;
  /** Ends to look at, a ring with room for each end once. */
  readonly #queue: Int32Array;
  /** From, to and next of each link of the chain being tried. */
  readonly #links = new Int32Array(3 * CHAIN_DEPTH);
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
    this.#neighborCosts = new Float64Array(neighbors.length);
    for (let i = 0; i < neighbors.length; i++) {
      if (neighbors[i]! >= 0) this.#neighborCosts[i] = this.hop(Math.floor(i / k), neighbors[i]!);
    }
    this.#queue = new Int32Array(ends.x.length);
    this.#isQueued = new Uint8Array(ends.x.length);
  }

  /** Moves that would turn more strokes than this are not made. */
  limitTurns(maxTurn: number): void {
    this.#maxTurn = Math.min(this.#maxTurn, maxTurn);
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
      while (this.#improve(end) || this.#chain(end));
    }
    return steps;
  }

  /** The cost of the hop between two ends. */
  hop(a: number, b: number): number {
    return this.#cost.between(this.#x[b]! - this.#x[a]!, this.#y[b]! - this.#y[a]!);
  }

  #improve(end: number): boolean {
    const tour = this.#tour;
    const mate = tour.mateOf(end);
    const now = this.hop(end, mate);
    const isEntry = tour.isEntry(end);
    for (let i = end * this.#k; i < (end + 1) * this.#k; i++) {
      const near = this.#neighbors[i]!;
      if (near < 0) return false;
      const won = now - this.#neighborCosts[i]!;
      if (won <= EPSILON_S) return false;
      if (near === mate) continue;
      if (tour.isEntry(near) === isEntry && this.#exchange(end, mate, near, won)) return true;
      if (this.#moveRun(end, mate, near, won)) return true;
    }
    return false;
  }

  /**
   * Lin-Kernighan: exchanges that each lead on from the hop which the one before left open, kept when the whole chain wins though
   * its first link may not. They are made as they are tried, and taken back when nothing came of them.
   */
  #chain(end: number): boolean {
    const tour = this.#tour;
    const base = tour.mateOf(end);
    const isEntry = tour.isEntry(end);
    for (let i = end * this.#k; i < end * this.#k + CHAIN_BREADTH; i++) {
      const near = this.#neighbors[i]!;
      const open = near < 0 ? 0 : this.hop(base, end) - this.#neighborCosts[i]!;
      if (open <= EPSILON_S) return false;
      if (near === base || tour.isEntry(near) !== isEntry) continue;
      if (this.#follow(base, end, near, open)) return true;
    }
    return false;
  }

  /** One chain that begins with the hop `end`–`near`; `base` is the end that stays open. */
  #follow(base: number, end: number, near: number, openGain: number): boolean {
    const tour = this.#tour;
    const links = this.#links;
    let open = openGain;
    let from = end;
    let to = near;
    let count = 0;
    let gain = 0;
    while (gain <= EPSILON_S) {
      const next = tour.mateOf(to);
      if (tour.exchangeLength(from, base, to, next) > MAX_CHAIN_TURN) break;
      tour.exchange(from, base, to, next);
      links[3 * count] = from;
      links[3 * count + 1] = to;
      links[3 * count + 2] = next;
      count++;
      open += this.hop(to, next);
      gain = open - this.hop(base, next);
      if (gain > EPSILON_S || count === CHAIN_DEPTH) break;
      const step = this.#bestLink(base, next, open, count);
      if (step < 0) break;
      open -= this.#neighborCosts[step]!;
      from = next;
      to = this.#neighbors[step]!;
    }
    if (gain > EPSILON_S) {
      this.gainS += gain;
      this.enqueue(base);
      for (let i = 0; i < 3 * count; i++) this.enqueue(links[i]!);
      return true;
    }
    for (let i = count - 1; i >= 0; i--)
      tour.exchange(links[3 * i]!, links[3 * i + 1]!, base, links[3 * i + 2]!);
    return false;
  }

  /** Where to go from the open end so that most is won; -1 for nowhere. A hop that this chain has made is not taken out again. */
  #bestLink(base: number, from: number, open: number, count: number): number {
    const tour = this.#tour;
    const isEntry = tour.isEntry(from);
    let best = -1;
    let most = -Infinity;
    for (let i = from * this.#k; i < (from + 1) * this.#k; i++) {
      const to = this.#neighbors[i]!;
      if (to < 0 || open - this.#neighborCosts[i]! <= EPSILON_S) break;
      if (to === base || tour.isEntry(to) !== isEntry || this.#isLinked(to, count)) continue;
      const won = this.hop(to, tour.mateOf(to)) - this.#neighborCosts[i]!;
      if (won > most) {
        most = won;
        best = i;
      }
    }
    return best;
  }

  #isLinked(end: number, count: number): boolean {
    for (let i = 0; i < count; i++)
      if (this.#links[3 * i] === end || this.#links[3 * i + 1] === end) return true;
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
