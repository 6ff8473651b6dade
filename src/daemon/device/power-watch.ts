/** A motor that starts can pull the supply down for a moment: only this many low readings in a row are a loss. */
const LOWS = 2;

/** Follows readings of the motor supply and says when it has gone or come back. */
export class PowerWatch {
  #isPowered: boolean;
  #lows = 0;

  constructor(isPowered: boolean) {
    this.#isPowered = isPowered;
  }

  /** The last reading was good, so the carriage has gone wherever it was sent. */
  get isSure(): boolean {
    return this.#isPowered && this.#lows === 0;
  }

  /** @returns what has changed with this reading */
  read(isPowered: boolean): "lost" | "back" | null {
    this.#lows = isPowered ? 0 : this.#lows + 1;
    if (isPowered && !this.#isPowered) {
      this.#isPowered = true;
      return "back";
    }
    if (!this.#isPowered || this.#lows < LOWS) return null;
    this.#isPowered = false;
    return "lost";
  }
}
