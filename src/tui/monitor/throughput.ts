import type { Channel } from "../../shared/ws-messages.ts";

export const SECONDS_KEPT = 120;

/** Events seen in each of the last seconds, by channel: a ring, so that it stays as large as it is. */
export class Throughput {
  readonly #counts: Readonly<Record<Channel, Uint32Array>> = {
    jobs: new Uint32Array(SECONDS_KEPT),
    system: new Uint32Array(SECONDS_KEPT),
    device: new Uint32Array(SECONDS_KEPT),
  };
  #second = 0;

  /** @param nowMs of a clock that never goes back */
  count(channel: Channel, nowMs: number): void {
    this.#turnTo(Math.floor(nowMs / 1000));
    this.#counts[channel][this.#second % SECONDS_KEPT]! += 1;
  }

  /** Events of each of the last `seconds` whole seconds, the oldest first. The running one is not whole. */
  series(channel: Channel, seconds: number, nowMs: number): number[] {
    this.#turnTo(Math.floor(nowMs / 1000));
    const shown = Math.min(seconds, SECONDS_KEPT - 1);
    const counts = this.#counts[channel];
    return Array.from({ length: shown }, (_, i) => {
      const second = this.#second - shown + i;
      return second < 0 ? 0 : counts[second % SECONDS_KEPT]!;
    });
  }

  /** Empties the seconds that have come since. */
  #turnTo(second: number): void {
    const first = Math.max(this.#second + 1, second - SECONDS_KEPT + 1);
    for (let each = first; each <= second; each++) {
      for (const counts of Object.values(this.#counts)) counts[each % SECONDS_KEPT] = 0;
    }
    this.#second = Math.max(this.#second, second);
  }
}
