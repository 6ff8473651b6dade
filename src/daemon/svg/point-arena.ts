import type { Polyline } from "../../shared/geometry.ts";

const ROOM = 1 << 16;

/**
 * Keeps many short polylines in few large blocks of memory: an array of its own for each would cost several times the time and
 * twice the memory. What is handed out is a view and stays valid as long as anyone holds it.
 */
export class PointArena {
  #block = new Float64Array(0);
  #used = 0;

  /** Room for so many numbers, all 0. */
  take(length: number): Polyline {
    if (length > ROOM / 4) return new Float64Array(length);
    if (this.#used + length > this.#block.length) {
      this.#block = new Float64Array(ROOM);
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += length;
    return this.#block.subarray(from, this.#used);
  }

  /** The first `length` numbers, as they are now. */
  copy(numbers: Float64Array, length: number): Polyline {
    const kept = this.take(length);
    if (length > 64) kept.set(numbers.subarray(0, length));
    else for (let i = 0; i < length; i++) kept[i] = numbers[i]!;
    return kept;
  }
}
