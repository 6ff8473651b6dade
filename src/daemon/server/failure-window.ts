import type { Clock } from "../../shared/clock.ts";

const WINDOW_MS = 60_000;
/** Addresses remembered at once; the oldest is forgotten first. */
const MAX_ADDRESSES = 10_000;

/** How often something was refused to an address within the last minute. */
export class FailureWindow {
  readonly #clock: Clock;
  readonly #times = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(address: string): void {
    const times = [...this.#recent(address), this.#clock.monotonicMs()].slice(-100);
    this.#times.delete(address);
    this.#times.set(address, times);
    if (this.#times.size > MAX_ADDRESSES) this.#times.delete(this.#times.keys().next().value!);
  }

  count(address: string): number {
    return this.#recent(address).length;
  }

  /** Whole seconds until one more try is counted from fewer than `limit` failures. */
  retryAfterS(address: string, limit: number): number {
    const times = this.#recent(address);
    const decisive = times[times.length - limit];
    if (decisive === undefined) return 1;
    return Math.max(1, Math.ceil((decisive + WINDOW_MS - this.#clock.monotonicMs()) / 1000));
  }

  #recent(address: string): number[] {
    const since = this.#clock.monotonicMs() - WINDOW_MS;
    return (this.#times.get(address) ?? []).filter((time) => time > since);
  }
}
