import type { Endpoints } from "./endpoints.ts";
import type { HopCost } from "./hop-cost.ts";
import bytes from "./kernel.wasm";

/** What `kernel/index.ts` offers. */
interface Kernel {
  readonly memory: WebAssembly.Memory;
  begin(ends: number, neighbors: number): void;
  xs(): number;
  ys(): number;
  tourEntries(): number;
  tourPlaces(): number;
  setCost(joinMm2: number, fixedS: number, sPerMm: number): void;
  look(): void;
  build(): void;
  improve(maxStepsPerStroke: number): void;
  kick(kicks: number): void;
}

/** A kernel that has worked on more is not kept: its memory never shrinks. */
const MAX_KEPT_BYTES = 32 * 2 ** 20;
let module: WebAssembly.Module | undefined;
let kept: Kernel | undefined;

/**
 * The search for a short way through the strokes of one layer. It runs in the kernel, which is compiled ahead of time: JavaScript
 * takes as long to warm up as to search. Only one search is under way at a time.
 */
export class TourSearch {
  /** Strokes, the way home included. */
  readonly size: number;
  readonly #ends: Endpoints;
  readonly #kernel: Kernel;

  /** @param neighbors how many near ends are looked at from each */
  constructor(ends: Endpoints, cost: HopCost, neighbors: number) {
    this.size = ends.x.length / 2;
    this.#ends = ends;
    this.#kernel = kept ?? newKernel();
    kept = undefined;
    this.#kernel.begin(ends.x.length, neighbors);
    this.#kernel.setCost(cost.joinMm2, cost.fixedS, cost.sPerMm);
    this.look();
  }

  /** Looks anew at where the ends lie. */
  look(): void {
    const { memory } = this.#kernel;
    const { x, y } = this.#ends;
    new Float64Array(memory.buffer, this.#kernel.xs(), x.length).set(x);
    new Float64Array(memory.buffer, this.#kernel.ys(), y.length).set(y);
    this.#kernel.look();
  }

  /** Makes a first tour: what is near is joined, cheapest first. */
  build(): void {
    this.#kernel.build();
  }

  /**
   * Local search until no exchange of two or three hops wins.
   *
   * @param maxStepsPerStroke ends looked at, at most
   */
  improve(maxStepsPerStroke: number): void {
    this.#kernel.improve(maxStepsPerStroke);
  }

  /** Shakes the tour here and there and keeps what gets better. */
  kick(kicks: number): void {
    this.#kernel.kick(kicks);
  }

  /** The circle as it is now. */
  tour(): Tour {
    const { memory } = this.#kernel;
    const entries = new Int32Array(memory.buffer, this.#kernel.tourEntries(), this.size).slice();
    const at = new Int32Array(memory.buffer, this.#kernel.tourPlaces(), 2 * this.size).slice();
    return { entries, at, size: this.size };
  }

  /** After this the search is over. */
  end(): void {
    if (this.#kernel.memory.buffer.byteLength <= MAX_KEPT_BYTES) kept = this.#kernel;
  }
}

/** A circle through all strokes. */
export interface Tour {
  /** At each place the end where the pen comes in. */
  readonly entries: Int32Array;
  /** Of each end: twice the place of its stroke, and one more where the pen goes out. */
  readonly at: Int32Array;
  readonly size: number;
}

/** Where the pen comes in next after leaving by this end, or where it went out before coming in by it. */
export function mateOf({ entries, at, size }: Tour, end: number): number {
  const place = at[end]! >> 1;
  if ((at[end]! & 1) === 0) return entries[place === 0 ? size - 1 : place - 1]! ^ 1;
  return entries[place === size - 1 ? 0 : place + 1]!;
}

function newKernel(): Kernel {
  module ??= new WebAssembly.Module(bytes);
  return new WebAssembly.Instance(module).exports as unknown as Kernel;
}
