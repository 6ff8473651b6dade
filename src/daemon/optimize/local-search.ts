import type { HopCosts } from "./hop-costs.ts";
import type { Tour } from "./tour.ts";

const EPSILON_S = 1e-9;
/** Neighbours tried at the second new hop of a move; the first tries all. */
const SECOND_BREADTH = 5;

/** How three hops are put together anew; see `#rebuild`. */
const TWO_OPT = 1;
const TURN_TWICE = 2;
const SWAP = 3;
const TURN_BOTH = 4;

interface Move {
  kind: number;
  /** s; of a move that leads on: what is open before its last hop is closed. */
  gain: number;
  t3: number;
  t5: number;
}

/** Moves that lead on from one that does not win, and most strokes such a one may turn, since most are taken back. */
const CHAIN_DEPTH = 2;
const MAX_CHAIN_TURN = 300;

/**
 * Improves a tour until no exchange of two or three hops among near neighbours makes it cheaper (3-opt, which holds 2-opt and
 * Or-opt). Ends whose surroundings did not change are not looked at again.
 *
 * A move takes out the hop t1–t2 and puts in t2–t3, takes out t3–t4 and, with three hops, puts in t4–t5 and takes out t5–t6; the last
 * new hop goes back to t1. Every end has one hop only, so t2, t4 and t6 follow from t1, t3 and t5.
 */
export class LocalSearch {
  readonly #tour: Tour;
  readonly #costs: HopCosts;
  /** The end at the other side of each end's hop, and what that hop costs. */
  readonly #mate: Int32Array;
  readonly #hopS: Float64Array;
  readonly #maxTurn: number;
  /** Ends to look at, a ring with room for each end once. */
  readonly #queue: Int32Array;
  readonly #isQueued: Uint8Array;
  #head = 0;
  #queued = 0;
  /** Ends whose hops changed since `mark`. */
  #changed = new Int32Array(256);
  #changes = 0;
  #isMarking = false;
  /** The best move found for an end, and the most promising one that does not win by itself. */
  readonly #best: Move = { kind: 0, gain: 0, t3: 0, t5: 0 };
  readonly #promising: Move = { kind: 0, gain: 0, t3: 0, t5: 0 };
  /** Ends of the exchanges of a chain that is being tried, four to each. */
  readonly #tried = new Int32Array(12 * (CHAIN_DEPTH + 1));
  #triedCount = 0;
  /** Seconds won since it was last set to 0. */
  gainS = 0;

  /** @param maxTurn most strokes that a move may turn round */
  constructor(tour: Tour, costs: HopCosts, maxTurn: number) {
    this.#tour = tour;
    this.#costs = costs;
    this.#maxTurn = maxTurn;
    const ends = 2 * tour.size;
    this.#mate = new Int32Array(ends);
    this.#hopS = new Float64Array(ends);
    this.#queue = new Int32Array(ends);
    this.#isQueued = new Uint8Array(ends);
    for (let end = 0; end < ends; end++) this.#readHop(end);
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

  /** @param maxSteps ends looked at, at most */
  run(maxSteps: number): void {
    for (let steps = 0; this.#queued > 0 && steps < maxSteps; steps++) {
      const end = this.#queue[this.#head]!;
      this.#head = this.#head + 1 === this.#queue.length ? 0 : this.#head + 1;
      this.#queued--;
      this.#isQueued[end] = 0;
      while (this.#improve(end));
    }
  }

  /** From here on changes can be taken back. */
  mark(): void {
    this.#tour.mark();
    this.#isMarking = true;
    this.#changes = 0;
    this.gainS = 0;
  }

  /** Takes back all changes since `mark`. */
  undo(): void {
    this.#tour.undo();
    for (let i = 0; i < this.#changes; i++) this.#readHop(this.#changed[i]!);
    this.#changes = 0;
  }

  /**
   * Exchanges two pieces that lie one behind the other: after `a` come `b` … `bEnd` and `c` … `cEnd`, before `d`; then `c` … `cEnd`
   * come first. What it wins (or costs) is counted.
   */
  exchangePieces(a: number, b: number, bEnd: number, c: number, cEnd: number, d: number): void {
    const before = this.#hopS[a]! + this.#hopS[bEnd]! + this.#hopS[cEnd]!;
    this.#swapPieces(a, b, bEnd, c, cEnd, d);
    this.gainS += before - this.#hopS[a]! - this.#hopS[cEnd]! - this.#hopS[bEnd]!;
  }

  #readHop(end: number): void {
    const mate = this.#tour.mateOf(end);
    this.#mate[end] = mate;
    this.#hopS[end] = this.#costs.between(end, mate);
  }

  /**
   * Makes the best move that takes out the hop at `t1`, if any wins. If none does, the most promising one is made all the same and
   * led on from its open end, as Lin and Kernighan do; the chain is taken back when nothing comes of it.
   */
  #improve(t1: number): boolean {
    let open = this.#hopS[t1]!;
    this.#triedCount = 0;
    for (let depth = 0; ; depth++) {
      this.#search(t1, open);
      const t2 = this.#mate[t1]!;
      if (this.#best.gain > EPSILON_S) {
        this.#rebuild(t1, t2, this.#best);
        this.gainS += this.#best.gain;
        this.#enqueueTried();
        return true;
      }
      if (depth === CHAIN_DEPTH || this.#promising.kind === 0) break;
      open = this.#promising.gain;
      this.#rebuild(t1, t2, this.#promising);
    }
    this.#takeBack();
    return false;
  }

  #enqueueTried(): void {
    for (let i = 0; i < this.#triedCount; i++) this.enqueue(this.#tried[i]!);
  }

  #takeBack(): void {
    const tried = this.#tried;
    for (let i = this.#triedCount - 4; i >= 0; i -= 4) {
      const [a, mateA, b, mateB] = [tried[i]!, tried[i + 1]!, tried[i + 2]!, tried[i + 3]!];
      this.#tour.exchange(a, b, mateA, mateB);
      this.#link(a, mateA);
      this.#link(b, mateB);
    }
  }

  /** Looks for the best and the most promising move. @param hop12 what the hop at `t1` is worth, s */
  #search(t1: number, hop12: number): void {
    const { at, size } = this.#tour;
    const { near, seconds, k } = this.#costs;
    const mates = this.#mate;
    const hopS = this.#hopS;
    const costs = this.#costs;
    const best = this.#best;
    const promising = this.#promising;
    const t2 = mates[t1]!;
    /** Looking along the tour so that the pen leaves t1 for t2: 0 as it runs, 1 backwards. */
    const back = (at[t1]! & 1) ^ 1;
    const origin = at[t2]! >> 1;
    best.gain = EPSILON_S;
    promising.gain = 0;
    promising.kind = 0;
    for (let n = t2 * k, last = n + k; n < last; n++) {
      const t3 = near[n]!;
      if (t3 < 0) break;
      const open = hop12 - seconds[n]!;
      if (open <= EPSILON_S) break;
      const t4 = mates[t3]!;
      if (t3 === t1) continue;
      const place3 = at[t3]! >> 1;
      let i = back === 0 ? place3 - origin : origin - place3;
      if (i < 0) i += size;
      const isOut = ((at[t3]! & 1) ^ back) === 1;
      const opened = open + hopS[t3]!;
      if (!isOut) {
        const gain = opened - costs.between(t4, t1);
        const turn = Math.min(i, size - i);
        if (gain > best.gain && turn <= this.#maxTurn) note(best, TWO_OPT, gain, t3, -1);
        if (opened > promising.gain && turn <= MAX_CHAIN_TURN) note(promising, TWO_OPT, opened, t3, -1);
      } else if (i === 0) continue;
      for (let m = t4 * k, end = m + SECOND_BREADTH; m < end; m++) {
        const t5 = near[m]!;
        if (t5 < 0) break;
        const open5 = opened - seconds[m]!;
        if (open5 <= EPSILON_S) break;
        if (t5 === t3) continue;
        const place5 = at[t5]! >> 1;
        let j = back === 0 ? place5 - origin : origin - place5;
        if (j < 0) j += size;
        const isOut5 = ((at[t5]! & 1) ^ back) === 1;
        const isPossible = isOut ? (isOut5 ? j < i : j > 0 && j <= i) : isOut5 ? j < i - 1 : j > i;
        if (!isPossible) continue;
        const opened5 = open5 + hopS[t5]!;
        const gain = opened5 - costs.between(mates[t5]!, t1);
        const isBest = gain > best.gain;
        if (!isBest && opened5 <= promising.gain) continue;
        const turn = this.#turnOf(i, j, isOut, isOut5);
        const kind = isOut ? (isOut5 ? SWAP : TURN_BOTH) : TURN_TWICE;
        if (isBest && turn <= this.#maxTurn) note(best, kind, gain, t3, t5);
        if (opened5 > promising.gain && turn <= MAX_CHAIN_TURN) note(promising, kind, opened5, t3, t5);
      }
    }
  }

  /** About how many strokes a move of three hops turns round, its pieces being `i` and `j` strokes from t2. */
  #turnOf(i: number, j: number, isOut: boolean, isOut5: boolean): number {
    const { size } = this.#tour;
    const a = Math.min(i, j) + 1;
    const b = Math.abs(i - j);
    const c = size - a - b;
    if (isOut && isOut5) return a + b + c - Math.max(a, b, c);
    if (isOut) return Math.min(a, size - a) + Math.min(b, size - b);
    return Math.min(i, size - i) + Math.min(j, size - j);
  }

  /** A is what lies from t2 to the first cut, B from there to the second, C the rest. */
  #rebuild(t1: number, t2: number, { kind, t3, t5 }: Move): void {
    const mates = this.#mate;
    const t4 = mates[t3]!;
    const t6 = t5 < 0 ? -1 : mates[t5]!;
    if (kind === SWAP) this.#swapShorter(t1, t2, t5, t6, t3, t4);
    else if (kind === TURN_BOTH) {
      this.#exchange(t1, t2, t6, t5);
      this.#exchange(t2, t5, t3, t4);
    } else {
      this.#exchange(t2, t1, t3, t4);
      if (kind === TURN_TWICE) this.#exchange(t4, t1, t5, t6);
    }
  }

  /** Of the three pieces between the hops t1–t2, t5–t6 and t3–t4 the longest stays where it is. */
  #swapShorter(t1: number, t2: number, t5: number, t6: number, t3: number, t4: number): void {
    const [a, b, c] = [this.#strokesIn(t2, t5), this.#strokesIn(t6, t3), this.#strokesIn(t4, t1)];
    if (c >= a && c >= b) this.#swapPieces(t1, t2, t5, t6, t3, t4);
    else if (a >= b) this.#swapPieces(t5, t6, t3, t4, t1, t2);
    else this.#swapPieces(t3, t4, t1, t2, t5, t6);
  }

  /** Strokes of a piece, given by its two ends. */
  #strokesIn(first: number, last: number): number {
    const { at, size } = this.#tour;
    const runsBack = (at[first]! & 1) === 1;
    const span = (at[runsBack ? first : last]! >> 1) - (at[runsBack ? last : first]! >> 1);
    return span < 0 ? span + size : span;
  }

  #swapPieces(a: number, b: number, bEnd: number, c: number, cEnd: number, d: number): void {
    // Turn both together, then each by itself; told by ends, for a turn may have turned the rest instead.
    this.#exchange(a, b, cEnd, d);
    this.#exchange(a, cEnd, c, bEnd);
    this.#exchange(cEnd, bEnd, b, d);
  }

  #exchange(a: number, mateA: number, b: number, mateB: number): void {
    this.#tour.exchange(a, mateA, b, mateB);
    this.#link(a, b);
    this.#link(mateA, mateB);
    const tried = this.#tried;
    if (this.#triedCount === tried.length) return;
    tried[this.#triedCount++] = a;
    tried[this.#triedCount++] = mateA;
    tried[this.#triedCount++] = b;
    tried[this.#triedCount++] = mateB;
  }

  #link(a: number, b: number): void {
    this.#mate[a] = b;
    this.#mate[b] = a;
    this.#hopS[a] = this.#hopS[b] = this.#costs.between(a, b);
    if (!this.#isMarking) return;
    if (this.#changes + 2 > this.#changed.length) {
      const larger = new Int32Array(this.#changed.length * 2);
      larger.set(this.#changed);
      this.#changed = larger;
    }
    this.#changed[this.#changes++] = a;
    this.#changed[this.#changes++] = b;
  }
}

function note(move: Move, kind: number, gain: number, t3: number, t5: number): void {
  move.kind = kind;
  move.gain = gain;
  move.t3 = t3;
  move.t5 = t5;
}
