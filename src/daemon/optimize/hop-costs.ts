import type { Endpoints } from "./endpoints.ts";
import type { HopCost } from "./hop-cost.ts";
import { nearestEnds } from "./neighbors.ts";

/** What hops between the ends of a layer's strokes cost, and for each end the cheapest of them. */
export class HopCosts {
  readonly k: number;
  /** The `k` nearest ends of each end, nearest first, -1 where there are no more. */
  readonly near: Int32Array;
  /** What it costs to go to each of them, s. */
  readonly seconds: Float64Array;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #cost: HopCost;

  constructor({ x, y }: Endpoints, cost: HopCost, k: number) {
    this.k = k;
    this.#x = x;
    this.#y = y;
    this.#cost = cost;
    const all = new Int32Array(x.length);
    const partner = new Int32Array(x.length);
    for (let end = 0; end < all.length; end++) {
      all[end] = end;
      partner[end] = end ^ 1;
    }
    this.near = nearestEnds(x, y, all, partner, k);
    this.seconds = new Float64Array(this.near.length);
    for (let i = 0, end = 0; end < x.length; end++) {
      for (let n = 0; n < k; n++, i++) {
        if (this.near[i]! >= 0) this.seconds[i] = this.between(end, this.near[i]!);
      }
    }
  }

  /** The cost of the hop between two ends, s. */
  between(a: number, b: number): number {
    return this.#cost.between(this.#x[b]! - this.#x[a]!, this.#y[b]! - this.#y[a]!);
  }
}
