import type { MotorPower } from "./plotter.ts";

/** A motor that starts can pull the supply down for a moment: only readings that stay low this long are a loss, or none at all. */
const LOW_MS = 200;

type Reading = Pick<MotorPower, "powered" | "absent">;

/** Follows readings of the motor supply and says when it has gone or come back. */
export class PowerWatch {
  #isPowered: boolean;
  #lowSinceMs: number | null = null;

  constructor(isPowered: boolean) {
    this.#isPowered = isPowered;
  }

  /** The last reading was good, so the carriage has gone wherever it was sent. */
  get isSure(): boolean {
    return this.#isPowered && this.#lowSinceMs === null;
  }

  /** @returns what has changed with this reading */
  read({ powered, absent = false }: Reading, nowMs: number): "lost" | "back" | null {
    if (powered) return this.#good();
    this.#lowSinceMs ??= nowMs;
    if (!this.#isPowered || (!absent && nowMs - this.#lowSinceMs < LOW_MS)) return null;
    this.#isPowered = false;
    return "lost";
  }

  #good(): "back" | null {
    this.#lowSinceMs = null;
    const isBack = !this.#isPowered;
    this.#isPowered = true;
    return isBack ? "back" : null;
  }
}
