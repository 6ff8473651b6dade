import type { Clock } from "../../shared/clock.ts";

const WINDOW_MS = 60_000;

export type RateVerdict = "ok" | "tell" | "drop" | "end" | "ignore";

/**
 * Counts one connection's messages by the minute. Over the limit they are dropped, and told once; as many again
 * end it, and after as many once more it need not be read: nobody who means well has that many on the way.
 */
export class RateLimit {
  readonly #clock: Clock;
  readonly #perMinute: number;
  #windowStartMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock;
    this.#perMinute = perMinute;
  }

  take(): RateVerdict {
    const now = this.#clock.monotonicMs();
    if (now - this.#windowStartMs >= WINDOW_MS) {
      this.#windowStartMs = now;
      this.#count = 0;
    }
    this.#count += 1;
    if (this.#count <= this.#perMinute) return "ok";
    if (this.#count >= 3 * this.#perMinute) return "ignore";
    if (this.#count >= 2 * this.#perMinute) return "end";
    return this.#count === this.#perMinute + 1 ? "tell" : "drop";
  }

  /** Whole seconds until the next window. */
  get retryAfterS(): number {
    return Math.max(1, Math.ceil((this.#windowStartMs + WINDOW_MS - this.#clock.monotonicMs()) / 1000));
  }
}
