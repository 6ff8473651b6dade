import type { Chains } from "./greedy.ts";
import type { HopCost } from "./hop-cost.ts";
import type { HopCosts } from "./hop-costs.ts";

/**
 * Pairs ends that can be joined, so that as many joints as possible come about: an end that has one partner left takes it before
 * another does (Karp and Sipser's rule for matchings). Only when every end has a choice the next one takes its nearest.
 */
export function joinEnds(chains: Chains, cost: HopCost, costs: HopCosts): void {
  new Joiner(chains, cost, costs).run();
}

class Joiner {
  readonly #mate: Int32Array;
  readonly #otherEnd: Int32Array;
  readonly #near: Int32Array;
  readonly #k: number;
  /** Joints that each end may make: the first so many of its near ends. */
  readonly #joints: Uint8Array;
  /** Of those, how many are with a free end. */
  readonly #choices: Uint8Array;
  /** Ends that had one choice left when they were put here. */
  readonly #urgent: number[] = [];

  constructor({ mate, otherEnd }: Chains, cost: HopCost, { near, seconds, k }: HopCosts) {
    this.#mate = mate;
    this.#otherEnd = otherEnd;
    this.#near = near;
    this.#k = k;
    this.#joints = new Uint8Array(mate.length);
    for (let end = 0; end < mate.length; end++) {
      let joints = 0;
      for (let n = end * k; joints < k && near[n + joints]! >= 0; joints++) {
        if (!cost.isJoint(seconds[n + joints]!)) break;
      }
      this.#joints[end] = joints;
    }
    this.#choices = this.#joints.slice();
  }

  run(): void {
    const count = this.#mate.length;
    for (let end = count - 1; end >= 0; end--) if (this.#choices[end] === 1) this.#urgent.push(end);
    for (let next = 0; next < count; next++) {
      this.#joinUrgent();
      this.#join(next);
    }
    this.#joinUrgent();
  }

  #joinUrgent(): void {
    for (let end = this.#urgent.pop(); end !== undefined; end = this.#urgent.pop()) this.#join(end);
  }

  #join(end: number): void {
    const mate = this.#mate;
    const otherEnd = this.#otherEnd;
    if (mate[end] !== -1) return;
    const partner = this.#partnerOf(end);
    if (partner < 0) return;
    mate[end] = partner;
    mate[partner] = end;
    const [a, b] = [otherEnd[end]!, otherEnd[partner]!];
    otherEnd[a] = b;
    otherEnd[b] = a;
    this.#takeFrom(end);
    this.#takeFrom(partner);
  }

  /** The free end near by that has the fewest other choices; of equals the nearest. */
  #partnerOf(end: number): number {
    const first = end * this.#k;
    let best = -1;
    let fewest = 255;
    for (let n = first; n < first + this.#joints[end]!; n++) {
      const other = this.#near[n]!;
      if (this.#mate[other] !== -1 || this.#otherEnd[end] === other) continue;
      if (this.#choices[other]! >= fewest) continue;
      fewest = this.#choices[other]!;
      best = other;
    }
    return best;
  }

  /** An end that is no longer free is a choice less for those near it. */
  #takeFrom(end: number): void {
    const first = end * this.#k;
    for (let n = first; n < first + this.#joints[end]!; n++) {
      const other = this.#near[n]!;
      if (this.#mate[other] !== -1 || this.#choices[other] === 0) continue;
      this.#choices[other]!--;
      if (this.#choices[other] === 1) this.#urgent.push(other);
    }
  }
}
