import type { Clock } from "../../shared/clock.ts";
import type { Bearer } from "./auth.ts";

/** A key that no longer holds is noticed within so long. */
const RECHECK_MS = 5000;

/** Ends connections whose key was revoked or is no longer the one that is wanted. One timer for all of them. */
export class HeldKeys {
  readonly #clock: Clock;
  readonly #held = new Map<Bearer, () => void>();
  #cancel: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns a function for when the connection has ended */
  add(bearer: Bearer, end: () => void): () => void {
    this.#held.set(bearer, end);
    this.#cancel ??= this.#clock.after(RECHECK_MS, () => this.#look());
    return () => {
      this.#held.delete(bearer);
      if (this.#held.size > 0) return;
      this.#cancel?.();
      this.#cancel = null;
    };
  }

  #look(): void {
    this.#cancel = this.#clock.after(RECHECK_MS, () => this.#look());
    for (const [bearer, end] of [...this.#held]) {
      if (!bearer.isValid()) end();
    }
  }
}
