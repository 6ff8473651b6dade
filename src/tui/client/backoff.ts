const FIRST_MS = 200;
const LONGEST_MS = 5000;
const CROWDED_MS = 2000;

/** How long to wait before the next try: doubling, with a random part so that many clients do not come back as one. */
export class Backoff {
  #delayMs = FIRST_MS;
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** @param crowded the daemon asked for patience: start with a longer wait */
  nextMs(crowded: boolean): number {
    const delayMs = Math.max(this.#delayMs, crowded ? CROWDED_MS : 0);
    this.#delayMs = Math.min(LONGEST_MS, delayMs * 2);
    return Math.round(delayMs * (0.75 + 0.5 * this.#random()));
  }

  /** A subscription was answered: the next loss is a new one. */
  reset(): void {
    this.#delayMs = FIRST_MS;
  }
}
