/**
 * A circle through all strokes: at each place the end where the pen comes in. Turning a piece of it round is the one change;
 * every other is made of such turns, so that a journal of turns can take anything back.
 */
export class Tour {
  readonly entries: Int32Array;
  /** Place of each stroke. */
  readonly place: Int32Array;
  readonly size: number;
  /** Pairs of places, of the turns since `mark`. */
  #journal = new Int32Array(256);
  #journaled = 0;
  #isJournaling = false;

  constructor(entries: Int32Array) {
    this.entries = entries;
    this.size = entries.length;
    this.place = new Int32Array(entries.length);
    for (let i = 0; i < entries.length; i++) this.place[entries[i]! >> 1] = i;
  }

  /** Where the pen comes in next after leaving by `exit`, or where it went out before coming in by `entry`. */
  mateOf(end: number): number {
    const at = this.place[end >> 1]!;
    if (this.entries[at] === end) return this.entries[at === 0 ? this.size - 1 : at - 1]! ^ 1;
    return this.entries[at === this.size - 1 ? 0 : at + 1]!;
  }

  isEntry(end: number): boolean {
    return this.entries[this.place[end >> 1]!] === end;
  }

  /**
   * Takes out the hops `a`–`mateA` and `b`–`mateB` and puts in `a`–`b` and `mateA`–`mateB`. Both `a` and `b` must be where the pen
   * comes in, or both where it goes out.
   */
  exchange(a: number, mateA: number, b: number, mateB: number): void {
    const { place } = this;
    if (this.isEntry(a)) this.turn(place[a >> 1]!, place[mateB >> 1]!);
    else this.turn(place[mateA >> 1]!, place[b >> 1]!);
  }

  /** How many strokes `exchange` would touch. */
  exchangeLength(a: number, mateA: number, b: number, mateB: number): number {
    const { place } = this;
    if (this.isEntry(a)) return this.turnLength(place[a >> 1]!, place[mateB >> 1]!);
    return this.turnLength(place[mateA >> 1]!, place[b >> 1]!);
  }

  /** How many strokes a turn of places `from … to` (round the circle) would touch. */
  turnLength(from: number, to: number): number {
    const inside = to >= from ? to - from + 1 : to - from + 1 + this.size;
    return Math.min(inside, this.size - inside);
  }

  /** Turns places `from … to` round; the rest instead, where that is shorter: the circle is the same. */
  turn(from: number, to: number): void {
    const { size } = this;
    let length = to >= from ? to - from + 1 : to - from + 1 + size;
    let i = from;
    let j = to;
    if (length * 2 > size) {
      i = to === size - 1 ? 0 : to + 1;
      j = from === 0 ? size - 1 : from - 1;
      length = size - length;
    }
    if (this.#isJournaling) this.#note(i, j, length);
    this.#swapRound(i, j, length);
  }

  mark(): void {
    this.#isJournaling = true;
    this.#journaled = 0;
  }

  /** Takes back all turns since `mark`. */
  undo(): void {
    for (let at = this.#journaled - 3; at >= 0; at -= 3) {
      this.#swapRound(this.#journal[at]!, this.#journal[at + 1]!, this.#journal[at + 2]!);
    }
    this.#journaled = 0;
  }

  #note(i: number, j: number, length: number): void {
    if (this.#journaled + 3 > this.#journal.length) {
      const larger = new Int32Array(this.#journal.length * 2);
      larger.set(this.#journal);
      this.#journal = larger;
    }
    this.#journal[this.#journaled++] = i;
    this.#journal[this.#journaled++] = j;
    this.#journal[this.#journaled++] = length;
  }

  #swapRound(from: number, to: number, length: number): void {
    const { entries, place, size } = this;
    let i = from;
    let j = to;
    for (let left = length; left > 0; left -= 2) {
      const a = entries[i]! ^ 1;
      const b = entries[j]! ^ 1;
      entries[i] = b;
      place[b >> 1] = i;
      entries[j] = a;
      place[a >> 1] = j;
      i = i === size - 1 ? 0 : i + 1;
      j = j === 0 ? size - 1 : j - 1;
    }
  }
}
