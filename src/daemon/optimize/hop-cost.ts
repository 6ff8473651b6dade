import type { OptimizeSettings } from "../../shared/plot-settings.ts";

/** What it costs to get from the end of one stroke to the start of the next, s. */
export class HopCost {
  readonly #join2: number;
  readonly #accel: number;
  readonly #speed: number;
  /** From here on the carriage reaches its full speed, mm. */
  readonly #fullSpeedMm: number;
  readonly #cycleS: number;

  constructor({ joinMm, penUp, penCycleS }: OptimizeSettings) {
    this.#join2 = joinMm * joinMm;
    this.#accel = penUp.accelMmPerS2;
    this.#speed = penUp.speedMmPerS;
    this.#fullSpeedMm = (penUp.speedMmPerS * penUp.speedMmPerS) / penUp.accelMmPerS2;
    this.#cycleS = penCycleS;
  }

  /**
   * A joinable gap is drawn on and costs (next to) nothing: the pen need not be lifted. Any other costs the lift, the drop
   * and the hop from standstill to standstill.
   */
  between(dx: number, dy: number): number {
    const distance2 = dx * dx + dy * dy;
    // The shorter of two joints is the better one, all else being equal.
    if (distance2 <= this.#join2) return distance2 * 1e-6;
    const distance = Math.sqrt(distance2);
    if (distance < this.#fullSpeedMm) return this.#cycleS + 2 * Math.sqrt(distance / this.#accel);
    return this.#cycleS + distance / this.#speed + this.#speed / this.#accel;
  }
}
