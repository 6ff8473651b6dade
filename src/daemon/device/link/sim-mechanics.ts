import { SimInk } from "./sim-ink.ts";
import { type Arithmetic, Axis, type MotionCommand } from "./sim-motion.ts";
import { SimServo } from "./sim-servo.ts";

export interface MechanicsOptions {
  readonly arithmetic: Arithmetic;
  /** EM sets counters and, from 2.7, accumulators to zero. */
  readonly enablingZeroesCounters: boolean;
  readonly upPulse: number;
  readonly downPulse: number;
  readonly stepsPerMm: number;
  readonly keepsInk: boolean;
}

/** A motion that ends faster than this with nothing behind it has starved, steps/s. */
const STANDSTILL_STEPS_PER_S = 400;
const RATE_TO_STEPS_PER_S = 25_000 / 2 ** 31;
/** Longest look ahead for the end of a move, ticks. */
const HORIZON = 25_000;

/** One LM or SM as it was executed. */
export interface ExecutedMove {
  /** The first of them is the tick after the one in which it was taken from the FIFO. */
  readonly startTick: number;
  readonly endTick: number;
  readonly penTouches: boolean;
  /** Of each motor, signed. */
  readonly steps: Pair;
  /** Rates in its first and in its last tick, steps/s, signed; 0 for a motor without steps. */
  readonly startStepsPerS: Pair;
  readonly endStepsPerS: Pair;
}

type Pair = readonly [number, number];

/** Motors, servo and the FIFO of the simulated board, moved tick by tick of 40 µs. */
export class SimMechanics {
  tick = 0;
  readonly axes: readonly [Axis, Axis];
  /** Where the carriage really is, in steps of each motor: steps with a motor off move nothing, zeroing counters neither. */
  readonly carriage: [number, number] = [0, 0];
  readonly servo: SimServo;
  ink: SimInk;
  readonly fifo: MotionCommand[] = [];
  fifoDepth = 1;
  motorsOn: [boolean, boolean] = [false, false];
  /** The motors' own supply; without it steps are counted and nothing turns. */
  hasMotorPower = true;
  /** When the FIFO last got room. */
  freedTick = 0;
  microsteps = 16;
  starvations = 0;
  /** Fastest step rate seen, steps/s. */
  fastestStepsPerS = 0;
  /** Called at the end of each LM and SM. */
  onMove: ((move: ExecutedMove) => void) | undefined;
  readonly #options: MechanicsOptions;
  readonly #scratch: readonly [Axis, Axis];
  #current: MotionCommand | undefined;
  #ticksLeft = 0;
  /** Of the running move. */
  #startTick = 0;
  #startCounters: Pair = [0, 0];
  #startRates: Pair = [0, 0];

  constructor(options: MechanicsOptions) {
    this.#options = options;
    const axis = () => new Axis(options.arithmetic);
    this.axes = [axis(), axis()];
    this.#scratch = [axis(), axis()];
    this.servo = new SimServo(options.upPulse, options.downPulse);
    this.ink = new SimInk(options.stepsPerMm, options.keepsInk);
  }

  get current(): MotionCommand | undefined {
    return this.#current;
  }

  /** Something moves or waits to. */
  get isBusy(): boolean {
    return this.#current !== undefined || this.fifo.length > 0 || this.servo.isMoving;
  }

  get hasRoom(): boolean {
    return this.fifo.length < this.fifoDepth;
  }

  /** Runs up to and including `untilTick`; stops earlier, true, when a command was taken from the FIFO. */
  run(untilTick: number): boolean {
    while (this.tick < untilTick) {
      if (!this.#current && this.fifo.length === 0 && !this.servo.isMoving) this.tick = untilTick;
      else if (this.#step()) return true;
    }
    return false;
  }

  /** Ticks from now until the FIFO can take another command; at most one second, after which to ask again. */
  ticksToRoom(): number {
    if (!this.#current) return 1;
    if (this.#current.kind !== "steps") return Math.min(HORIZON, Math.max(1, this.#ticksLeft));
    const [a, b] = this.#scratch;
    a.copyFrom(this.axes[0]);
    b.copyFrom(this.axes[1]);
    for (let ticks = 1; ticks < HORIZON; ticks++) {
      const wasDone = a.stepsLeft === 0 && b.stepsLeft === 0;
      a.tick();
      b.tick();
      if (this.#options.arithmetic === "2.5" ? wasDone : a.stepsLeft === 0 && b.stepsLeft === 0) return ticks;
    }
    return HORIZON;
  }

  /** ES: halts motors. Before 3.0 only motor moves are dropped, later everything. */
  halt(): void {
    const everything = this.#options.arithmetic === "3.0";
    const drop = (command: MotionCommand | undefined) => everything || command?.kind === "steps";
    if (drop(this.fifo[0])) this.fifo.length = 0;
    if (!drop(this.#current)) return;
    this.#current = undefined;
    for (const axis of this.axes) axis.stop();
    this.ink.corner(...this.carriage);
  }

  zeroCounters(): void {
    for (const axis of this.axes) axis.counter = 0;
  }

  /** One tick. @returns whether a command was taken from the FIFO */
  #step(): boolean {
    this.tick++;
    if (this.servo.isMoving && this.servo.isFrame(this.tick)) this.#servoFrame();
    if (!this.#executeTick()) return false;
    const ended = this.#current;
    this.#current = undefined;
    if (ended?.kind === "steps") this.#moveEnded();
    return this.#load();
  }

  /** @returns whether the running command, if any, ended in this tick */
  #executeTick(): boolean {
    const current = this.#current;
    if (!current) return true;
    if (current.kind === "steps") return this.#stepMotors();
    if (current.kind === "timed") this.#advanceMotors();
    if (current.kind === "servo") this.servo.execute(current.pulse, current.rate);
    if (current.kind === "motors") this.switchMotors(current.enable1, current.enable2);
    this.#ticksLeft--;
    return this.#ticksLeft <= 0;
  }

  #stepMotors(): boolean {
    const [a, b] = this.axes;
    const wasDone = a.stepsLeft === 0 && b.stepsLeft === 0;
    const [from1, from2] = [a.counter, b.counter];
    a.tick();
    b.tick();
    if (this.tick === this.#startTick + 1) this.#startRates = [a.added, b.added];
    if (a.counter !== from1 || b.counter !== from2) this.#turn(a.counter - from1, b.counter - from2);
    return this.#options.arithmetic === "2.5" ? wasDone : a.stepsLeft === 0 && b.stepsLeft === 0;
  }

  #advanceMotors(): void {
    const [a, b] = this.axes;
    const [from1, from2] = [a.counter, b.counter];
    a.advance();
    b.advance();
    this.#turn(a.counter - from1, b.counter - from2);
  }

  #turn(steps1: number, steps2: number): void {
    if (this.motorsOn[0] && this.hasMotorPower) this.carriage[0] += steps1;
    if (this.motorsOn[1] && this.hasMotorPower) this.carriage[1] += steps2;
    this.ink.step(...this.carriage);
  }

  #load(): boolean {
    const next = this.fifo.shift();
    if (!next) return false;
    this.freedTick = this.tick;
    this.#current = next;
    if (next.kind === "steps" || next.kind === "timed") {
      this.axes[0].load(next.axes[0]);
      this.axes[1].load(next.axes[1]);
      this.#startTick = this.tick;
      this.#startCounters = [this.axes[0].counter, this.axes[1].counter];
      this.#noteSpeed();
    }
    this.#ticksLeft = "ticks" in next ? next.ticks : 1;
    return true;
  }

  #moveEnded(): void {
    this.ink.corner(...this.carriage);
    this.#noteSpeed();
    if (this.onMove) this.onMove(this.#executedMove());
    if (this.fifo.length === 0 && this.#stepsPerS() > STANDSTILL_STEPS_PER_S) this.starvations++;
  }

  #executedMove(): ExecutedMove {
    const [a, b] = this.axes;
    const steps: Pair = [a.counter - this.#startCounters[0], b.counter - this.#startCounters[1]];
    const stepsPerS = (rates: Pair): Pair => [
      steps[0] === 0 ? 0 : rates[0] * RATE_TO_STEPS_PER_S,
      steps[1] === 0 ? 0 : rates[1] * RATE_TO_STEPS_PER_S,
    ];
    return {
      startTick: this.#startTick,
      endTick: this.tick,
      penTouches: this.servo.touches,
      steps,
      startStepsPerS: stepsPerS(this.#startRates),
      endStepsPerS: stepsPerS([a.added, b.added]),
    };
  }

  #noteSpeed(): void {
    this.fastestStepsPerS = Math.max(this.fastestStepsPerS, this.#stepsPerS());
  }

  #stepsPerS(): number {
    return Math.max(Math.abs(this.axes[0].rate), Math.abs(this.axes[1].rate)) * RATE_TO_STEPS_PER_S;
  }

  #servoFrame(): void {
    this.servo.frame();
    if (this.servo.touches && !this.ink.drawing) this.ink.touch(...this.carriage);
    if (!this.servo.touches && this.ink.drawing) this.ink.lift(...this.carriage);
  }

  /** EM. @param enable1 0 off, 1 … 5 for 1/16 … full steps of both motors */
  switchMotors(enable1: number, enable2: number): void {
    this.motorsOn = [enable1 > 0, enable2 > 0];
    if (enable1 >= 1 && enable1 <= 5) this.microsteps = 32 >> enable1;
    if (this.#options.enablingZeroesCounters) this.zeroCounters();
    if (this.#options.arithmetic !== "2.5") for (const axis of this.axes) axis.accumulator = 0;
  }
}
