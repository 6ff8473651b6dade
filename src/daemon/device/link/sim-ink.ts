import type { Polyline } from "../../../shared/geometry.ts";

/** What the simulated pen has drawn: a polyline for each time it touched the paper, mm. */
export class SimInk {
  readonly #stepsPerMm: number;
  readonly #isKept: boolean;
  readonly #lines: Polyline[] = [];
  #points: number[] | undefined;
  #last1 = 0;
  #last2 = 0;

  constructor(stepsPerMm: number, isKept = true) {
    this.#stepsPerMm = stepsPerMm;
    this.#isKept = isKept;
  }

  get drawing(): boolean {
    return this.#points !== undefined;
  }

  touch(motor1: number, motor2: number): void {
    this.#points = [];
    this.#add(motor1, motor2);
  }

  /** Called for every step; points closer than 0.1 mm are left out. */
  step(motor1: number, motor2: number): void {
    if (!this.#points) return;
    const far = Math.abs(motor1 - this.#last1) + Math.abs(motor2 - this.#last2);
    if (far >= 0.2 * this.#stepsPerMm) this.#add(motor1, motor2);
  }

  /** A place where the direction may change: the end of a command. */
  corner(motor1: number, motor2: number): void {
    if (this.#points && (motor1 !== this.#last1 || motor2 !== this.#last2)) this.#add(motor1, motor2);
  }

  lift(motor1: number, motor2: number): void {
    this.corner(motor1, motor2);
    if (this.#points && this.#isKept) this.#lines.push(Float64Array.from(this.#points));
    this.#points = undefined;
  }

  /** All polylines so far, the one being drawn included. */
  lines(): Polyline[] {
    return this.#points ? [...this.#lines, Float64Array.from(this.#points)] : [...this.#lines];
  }

  #add(motor1: number, motor2: number): void {
    this.#last1 = motor1;
    this.#last2 = motor2;
    const scale = 2 * this.#stepsPerMm;
    if (this.#isKept) this.#points!.push((motor1 + motor2) / scale, (motor1 - motor2) / scale);
  }
}
