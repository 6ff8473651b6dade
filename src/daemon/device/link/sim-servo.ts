/** The pen's servo: its pulse moves towards its target once a frame, which is 24 ms at power-on. */

/** 3 ms for each output. */
const CHANNEL_TICKS = 75;
/** The pen touches the paper from the middle of its way down. */
const TOUCHING_SHARE = 0.5;

export class SimServo {
  /** Pulses in units of 83.3 ns: `SC,4` is up, `SC,5` down. */
  upPulse: number;
  downPulse: number;
  upRate = 400;
  downRate = 400;
  /** Outputs that are served in turn. */
  channels = 8;
  #pulse: number;
  #target: number;
  #rate = 0;
  #touches = false;
  /** As QP tells it: the last target was the up pulse when it was executed. */
  penUp = true;

  constructor(upPulse: number, downPulse: number) {
    this.upPulse = upPulse;
    this.downPulse = downPulse;
    this.#pulse = upPulse;
    this.#target = upPulse;
  }

  get pulse(): number {
    return this.#pulse;
  }

  get isMoving(): boolean {
    return this.#pulse !== this.#target;
  }

  /** The tip is on the paper. It gets there only by a move down, wherever a former setting has left it. */
  get touches(): boolean {
    return this.#touches;
  }

  execute(pulse: number, rate: number): void {
    this.#target = pulse;
    this.#rate = rate;
    this.penUp = pulse === this.upPulse;
  }

  /** Whether a pulse is given in this tick. */
  isFrame(tick: number): boolean {
    return tick % (this.channels * CHANNEL_TICKS) === 0;
  }

  frame(): void {
    const left = this.#target - this.#pulse;
    const step = this.#rate === 0 ? Math.abs(left) : Math.min(this.#rate, Math.abs(left));
    this.#pulse += Math.sign(left) * step;
    this.#touches = this.#isLow() && (this.#touches || !this.penUp);
  }

  #isLow(): boolean {
    const way = this.downPulse - this.upPulse;
    return way !== 0 && (this.#pulse - this.upPulse) / way >= TOUCHING_SHARE;
  }
}
