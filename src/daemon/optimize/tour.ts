/**
 * A circle through all strokes: at each place the end where the pen comes in. Turning a piece of it round is the one change;
 * every other is made of such turns, so that a journal of turns can take anything back.
 */
export class Tour {
  readonly entries: Int32Array;
  /** Of each end: twice the place of its stroke, and one more where the pen goes out. */
  readonly at: Int32Array;
  readonly size: number;
  /** From, to and length of the turns since `mark`. */
  #journal = new Int32Array(256);
  #journaled = 0;
  #isJournaling = false;

  constructor(entries: Int32Array) {
    this.entries = entries;
    this.size = entries.length;
    this.at = new Int32Array(2 * entries.length);
    for (let i = 0; i < entries.length; i++) {
      this.at[entries[i]!] = 2 * i;
      this.at[entries[i]! ^ 1] = 2 * i + 1;
    }
  }

  /** Where the pen comes in next after leaving by `exit`, or where it went out before coming in by `entry`. */
  mateOf(end: number): number {
    const at = this.at[end]!;
    const place = at >> 1;
    if ((at & 1) === 0) return this.entries[place === 0 ? this.size - 1 : place - 1]! ^ 1;
    return this.entries[place === this.size - 1 ? 0 : place + 1]!;
  }

  /**
   * Takes out the hops `a`–`mateA` and `b`–`mateB` and puts in `a`–`b` and `mateA`–`mateB`. Both `a` and `b` must be where the pen
   * comes in, or both where it goes out.
   */
  exchange(a: number, mateA: number, b: number, mateB: number): void {
    const { at } = this;
    if ((at[a]! & 1) === 0) this.#turn(at[a]! >> 1, at[mateB]! >> 1);
    else this.#turn(at[mateA]! >> 1, at[b]! >> 1);
  }

  mark(): void {
    this.#isJournaling = true;
    this.#journaled = 0;
  }

  /** Takes back all turns since `mark`. */
  undo(): void {
    for (let i = this.#journaled - 3; i >= 0; i -= 3) {
      this.#swapRound(this.#journal[i]!, this.#journal[i + 1]!, this.#journal[i + 2]!);
    }
    this.#journaled = 0;
  }

  /** Turns places `from … to` round; the rest instead, where that is shorter: the circle is the same. */
  #turn(from: number, to: number): void {
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
    const { entries, at, size } = this;
    let i = from;
    let j = to;
    for (let left = length; left > 0; left -= 2) {
      const a = entries[i]! ^ 1;
      const b = entries[j]! ^ 1;
      entries[i] = b;
      at[b] = 2 * i;
      at[b ^ 1] = 2 * i + 1;
      entries[j] = a;
      at[a] = 2 * j;
      at[a ^ 1] = 2 * j + 1;
      i = i === size - 1 ? 0 : i + 1;
      j = j === 0 ? size - 1 : j - 1;
    }
  }
}
