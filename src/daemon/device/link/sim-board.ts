import type { Clock } from "../../../shared/clock.ts";
import type { Point, Polyline } from "../../../shared/geometry.ts";
import { type MachineModel, machineModel } from "../models.ts";
import { SimConsole } from "./sim-console.ts";
import { simFirmware } from "./sim-firmware.ts";
import { type ExecutedMove, SimMechanics } from "./sim-mechanics.ts";
import { TICKS_PER_MS } from "./sim-motion.ts";

export interface SimBoardOptions {
  readonly clock: Clock;
  /** A model, or the name of one. */
  readonly model: MachineModel | string;
  /** One of `SIM_FIRMWARES`; `3.0.2` by default. */
  readonly firmware?: string;
  readonly nickname?: string;
  /** Reads commands in no time, where a real board takes up to 4 ms for a move. */
  readonly instant?: boolean;
  /** Remembers what was drawn, for `ink()`; true by default. A plotter that runs for days should not. */
  readonly keepsInk?: boolean;
  /** Its time stands still while its process gets no turn, as a real board needs none; false by default. */
  readonly waitsForItsTurn?: boolean;
}

const HEARTBEAT_MS = 10;
/** Later than any timer of a process that is awake. */
const LATE_MS = 3;

export function simulateBoard(options: SimBoardOptions): SimBoard {
  return new SimBoard(options);
}

/** What can go wrong on request. */
export type SimFault =
  | "unplug"
  | "garbage"
  | "errorReply"
  | "mute"
  | "motorPowerOff"
  | "motorPowerOn"
  | "reset";

/**
 * An EiBotBoard in software: bytes in, bytes out, on the clock it is given. It keeps its power, its counters and its pen
 * when a link to it is closed and another one opened.
 */
export class SimBoard {
  /** Called with what the board sends, line ends included. Set by the link. */
  onData: (text: string) => void = () => {};
  /** Called when the cable is pulled. Set by the link. */
  onUnplugged: () => void = () => {};
  readonly #clock: Clock;
  readonly #model: MachineModel;
  readonly #firmware: string;
  readonly #instant: boolean;
  readonly #keepsInk: boolean;
  readonly #waitsForItsTurn: boolean;
  #startMs: number;
  /** When it is to be awake again at the latest. */
  #wakesMs = Infinity;
  #mechanics: SimMechanics;
  #console: SimConsole;
  #plugged = true;
  #muted = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: SimBoardOptions) {
    const { clock, model, firmware = "3.0.2", nickname = "", instant = false, keepsInk = true } = options;
    this.#clock = clock;
    this.#model = typeof model === "string" ? machineModel(model) : model;
    this.#firmware = firmware;
    this.#instant = instant;
    this.#keepsInk = keepsInk;
    this.#waitsForItsTurn = options.waitsForItsTurn ?? false;
    this.#startMs = clock.monotonicMs();
    this.#mechanics = this.#newMechanics();
    this.#console = this.#newConsole(nickname);
  }

  /** What the host sends. */
  receive(data: string | Uint8Array): void {
    if (!this.#plugged) return;
    this.#catchUp();
    this.#console.receive(typeof data === "string" ? data : Buffer.from(data).toString("latin1"));
    this.#schedule();
  }

  /** What was drawn, mm: a polyline for each time the pen touched the paper; one point is a dot. */
  ink(): Polyline[] {
    this.#catchUp();
    return this.#mechanics.ink.lines();
  }

  /** Where the carriage is, mm from where it stood when this board was made; the step counters may say otherwise. */
  get position(): Point {
    this.#catchUp();
    const [motor1, motor2] = this.#mechanics.carriage;
    const scale = 2 * this.#model.stepsPerMm;
    return { x: (motor1 + motor2) / scale, y: (motor1 - motor2) / scale };
  }

  /** A hand moves the carriage, which it can while the motors are off or have no power. */
  pushTo({ x, y }: Point): void {
    this.#catchUp();
    if (this.motorsOn && this.#mechanics.hasMotorPower) throw new Error("the motors hold the carriage");
    const { carriage } = this.#mechanics;
    carriage[0] = Math.round((x + y) * this.#model.stepsPerMm);
    carriage[1] = Math.round((x - y) * this.#model.stepsPerMm);
  }

  /** Its own time since it was made, ms: stands still while its process gets no turn, if it was made so. */
  get timeMs(): number {
    this.#catchUp();
    return this.#mechanics.tick / TICKS_PER_MS;
  }

  get penTouches(): boolean {
    this.#catchUp();
    return this.#mechanics.servo.touches;
  }

  get motorsOn(): boolean {
    this.#catchUp();
    return this.#mechanics.motorsOn[0] && this.#mechanics.motorsOn[1];
  }

  /** Moves that ended at speed with an empty FIFO. */
  get starvations(): number {
    this.#catchUp();
    return this.#mechanics.starvations;
  }

  get fastestStepsPerS(): number {
    return this.#mechanics.fastestStepsPerS;
  }

  get isPlugged(): boolean {
    return this.#plugged;
  }

  pressButton(): void {
    this.#console.buttonPressed = true;
  }

  fault(fault: SimFault): void {
    this.#catchUp();
    switch (fault) {
      case "unplug":
        this.#plugged = false;
        this.onUnplugged();
        break;
      case "garbage":
        this.#send("\x07\xff?LM,4%\r\n");
        break;
      case "errorReply":
        this.#send("!2 Err: TX Buffer overrun\r\n");
        break;
      case "mute":
        this.#muted = true;
        break;
      case "motorPowerOff":
        this.#console.hasMotorPower = false;
        this.#mechanics.hasMotorPower = false;
        break;
      case "motorPowerOn":
        this.#console.hasMotorPower = true;
        this.#mechanics.hasMotorPower = true;
        break;
      case "reset":
        this.#powerCycle();
        break;
    }
  }

  /** The cable is back. The board has kept its power, as with a supply of its own. */
  plugIn(): void {
    this.#plugged = true;
    this.#muted = false;
  }

  /** @param hear how late each motion command came, ms: 0 when it was there before the FIFO had room for it */
  onHandOff(hear: (waitMs: number) => void): void {
    this.#console.onHandOff = hear;
  }

  /** @param hear of each LM and SM when it has been executed */
  onMove(hear: (move: ExecutedMove) => void): void {
    this.#mechanics.onMove = hear;
  }

  /** Ends its timers. */
  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #newMechanics(): SimMechanics {
    const { stepsPerMm } = this.#model;
    return new SimMechanics({ ...simFirmware(this.#firmware), stepsPerMm, keepsInk: this.#keepsInk });
  }

  #newConsole(nickname: string): SimConsole {
    const firmware = simFirmware(this.#firmware);
    const send = (text: string) => this.#send(text);
    const console = new SimConsole(this.#mechanics, firmware, nickname, this.#instant, send);
    console.servoPin = this.#model.servoPin;
    return console;
  }

  /** Power lost and back: counters zero, motors off, settings forgotten; the ink stays on the paper. */
  #powerCycle(): void {
    const { ink, tick, carriage, onMove } = this.#mechanics;
    ink.lift(...carriage);
    this.#mechanics = this.#newMechanics();
    this.#mechanics.tick = tick;
    this.#mechanics.ink = ink;
    this.#mechanics.onMove = onMove;
    this.#mechanics.carriage.splice(0, 2, ...carriage);
    this.#console = this.#newConsole(this.#console.nickname);
  }

  #send(text: string): void {
    if (!this.#muted && this.#plugged) this.onData(text);
  }

  /** Executes what is due by now; every command taken from the FIFO lets the parser go on at that very tick. */
  #catchUp(): void {
    this.#forgiveSleep();
    const nowTick = Math.floor((this.#clock.monotonicMs() - this.#startMs) * TICKS_PER_MS + 1e-6);
    for (;;) {
      const tookCommand = this.#mechanics.run(Math.min(nowTick, this.#console.readyTick));
      const isRead = this.#mechanics.tick >= this.#console.readyTick;
      if (!tookCommand && !isRead) return;
      this.#console.goOn();
    }
  }

  #forgiveSleep(): void {
    const nowMs = this.#clock.monotonicMs();
    const lateMs = nowMs - this.#wakesMs;
    if (!this.#waitsForItsTurn || lateMs < LATE_MS) return;
    this.#startMs += lateMs;
    this.#wakesMs = nowMs;
  }

  /** Wakes up when the parser can go on. */
  #schedule(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#wakesMs = Infinity;
    const dueTick = this.#console.isBlocked
      ? this.#mechanics.tick + this.#mechanics.ticksToRoom()
      : this.#console.readyTick;
    const nowMs = this.#clock.monotonicMs();
    const beatMs = this.#waitsForItsTurn && this.#mechanics.isBusy ? nowMs + HEARTBEAT_MS : Infinity;
    const dueMs = Math.min(beatMs, this.#startMs + dueTick / TICKS_PER_MS);
    if (dueMs === Infinity) return;
    this.#wakesMs = Math.max(nowMs, dueMs);
    this.#cancelTimer = this.#clock.after(Math.max(0, dueMs - nowMs), () => {
      this.#catchUp();
      this.#schedule();
    });
  }
}
