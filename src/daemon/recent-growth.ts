import type { Clock } from "../shared/clock.ts";

/** By how much a count that only grows has grown within the last `windowMs`. */
export class RecentGrowth {
  readonly #clock: Clock;
  readonly #windowMs: number;
  #samples: { atMs: number; total: number }[] = [];

  constructor(clock: Clock, windowMs: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
  }

  /** @param total the count now. A smaller one than before begins anew. */
  since(total: number): number {
    const atMs = this.#clock.monotonicMs();
    if ((this.#samples.at(-1)?.total ?? 0) > total) this.#samples = [];
    this.#samples.push({ atMs, total });
    const firstWithin = this.#samples.findIndex((sample) => sample.atMs > atMs - this.#windowMs);
    this.#samples = this.#samples.slice(Math.max(0, firstWithin - 1)); // the one before it is what the window began with
    return total - this.#samples[0]!.total;
  }
}
