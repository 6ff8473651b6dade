import type { Clock } from "../shared/clock.ts";

/** Looks at something now and again and again; a look that fails is told, and the next one comes all the same. */
export class Rounds {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #look: () => void;
  readonly #onError: (error: unknown) => void;
  #cancel: () => void = () => {};

  constructor(clock: Clock, everyMs: number, look: () => void, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#look = look;
    this.#onError = onError;
  }

  start(): void {
    this.#cancel = this.#clock.after(this.#everyMs, () => this.start());
    try {
      this.#look();
    } catch (error) {
      this.#onError(error);
    }
  }

  stop(): void {
    this.#cancel();
  }
}
