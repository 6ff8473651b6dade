import type { ErrorBody } from "../../shared/errors.ts";
import type { Point } from "../../shared/geometry.ts";
import type { DeviceStatus, DeviceView } from "../../shared/ws-messages.ts";
import type { DeviceConfig } from "../config-schema.ts";
import { DayInk } from "./day-ink.ts";
import type { MachineInfo, StoppedReport, Whereabouts } from "./driver-messages.ts";
import { isTuned, type PenTuning } from "./pen-tuning.ts";

export const AT_ORIGIN_MM = 0.05;
/** Of what a board executes after it was last seen: below it at the pen's speed, rarely above it at that of travel. */
const FARTHEST_MM = 50;
/** What a board that was reset under way counts until it is taken in anew. */
const NEAR_ORIGIN_MM = 30;
const NO_POWER = "the motors have no power: plug in and switch on the machine's power supply";
const PLACE_LOST =
  "it does not know where it is: switch its motors off, push the carriage to the origin, then plotty device home";
const SHORTEST_LESSON_S = 20;
const LEARNING_RATE = 0.3;

/** Everything known of a machine, and how it is shown. Only its `Machine` changes it. */
export class MachineState {
  readonly device: DeviceConfig;
  info: MachineInfo | null = null;
  where: Whereabouts | null = null;
  isConnected = false;
  /** Fresh paper lies in it. */
  isReady = false;
  inMaintenance = false;
  /** The job it draws or holds. */
  jobId: string | null = null;
  isDrawing = false;
  /** Why it cannot draw, in words. */
  reason: string | null = "waiting for the machine";
  isFaulty = false;
  /** It was halted, or lost its power away from home: where it stands is not known until someone homes it. */
  isPositionLost = false;
  /** Off, the carriage can be pushed anywhere. */
  motorsOn = true;
  /** It was last seen standing at the origin, so that a loss of power there loses nothing. */
  isParked = false;
  /** Where it was last seen, while it is away too. */
  #lastSeen: Point | null = null;
  /** Where it was found again after its job was cut off, as its own counters say; null when that says nothing. */
  foundAt: Point | null = null;
  /** What was asked by hand to be other than the pens' own; holds until the job ends. */
  tuning: PenTuning = {};
  /** Since the daemon began. */
  starvations = 0;
  #formerStarvations = 0;
  #drewAsPlanned = true;
  /** How many times longer than planned its jobs take. */
  timeFactor = 1;
  load = { cpuPercent: 0, memoryMb: 0 };
  readonly ink = new DayInk();

  constructor(device: DeviceConfig) {
    this.device = device;
  }

  /** The paper gate: a virtual plotter has paper without end unless configured otherwise. */
  get requiresReady(): boolean {
    return this.device.require_ready ?? this.device.driver !== "virtual";
  }

  get canDraw(): boolean {
    const isAble = this.isConnected && !this.isFaulty && !this.isPositionLost;
    return isAble && !this.inMaintenance && !this.isDrawing;
  }

  get status(): DeviceStatus["status"] {
    if (!this.isConnected) return this.isFaulty ? "error" : "disconnected";
    if (this.isFaulty) return "error";
    if (this.inMaintenance) return "maintenance";
    if (this.isDrawing) return "busy";
    return this.jobId === null ? "connected" : "paused";
  }

  connected(info: MachineInfo, where: Whereabouts): void {
    const isVirtual = this.device.driver === "virtual";
    const canBeElsewhere = !isVirtual && !this.isParked && this.jobId !== null;
    const isBelieved = info.positionKnown && info.motorPower && this.#canBeAt(where.position);
    if (canBeElsewhere && !isBelieved) this.positionLost();
    if (canBeElsewhere && !this.isPositionLost) this.foundAt ??= where.position;
    this.#formerStarvations = this.starvations;
    this.motorsOn = true;
    this.where = where;
    this.isConnected = true;
    this.info = info;
    this.powered(info.motorPower);
  }

  /** What a board was sent before it was lost takes it only so far: one that is at the origin at once has been reset. */
  #canBeAt({ x, y }: Point): boolean {
    const last = this.#lastSeen;
    return !last || Math.hypot(x, y) > NEAR_ORIGIN_MM || Math.hypot(x - last.x, y - last.y) < FARTHEST_MM;
  }

  /** The motors' own supply came or went: without it anyone, or gravity, can move the carriage. */
  powered(isPowered: boolean): void {
    if (this.info) this.info = { ...this.info, motorPower: isPowered };
    if (!isPowered && !this.isParked && this.jobId !== null) this.positionLost();
    this.isFaulty = !isPowered;
    this.reason = isPowered ? null : NO_POWER;
  }

  away(error: ErrorBody): void {
    this.isConnected = false;
    this.isDrawing = false;
    this.where = null;
    if (error.code === "device.position-unknown") this.positionLost();
    this.isFaulty = error.code !== "device.port-missing" && error.code !== "device.link-closed";
    this.reason = error.message;
  }

  /** Halted: nothing that was known of the place is true any more. */
  positionLost(): void {
    this.isPositionLost = true;
    this.isParked = false;
    this.foundAt = null;
  }

  /** Someone moved the carriage to the origin and said so. */
  homed(): void {
    this.isPositionLost = false;
    this.isParked = true;
    this.motorsOn = true;
  }

  /** A job was drawn in one go: the next estimate leans on it. Short ones say too little. */
  learnTime(plannedS: number, actualS: number): void {
    if (plannedS < SHORTEST_LESSON_S || !this.#drewAsPlanned) return;
    const seen = Math.min(2, Math.max(0.5, actualS / plannedS));
    this.timeFactor += LEARNING_RATE * (seen - this.timeFactor);
  }

  begin(jobId: string): void {
    this.jobId = jobId;
    this.isDrawing = true;
    this.motorsOn = true; // the first move switches them on
    this.foundAt = null;
    this.#drewAsPlanned = !isTuned(this.tuning);
  }

  tune(tuning: PenTuning): void {
    this.tuning = { ...this.tuning, ...tuning };
    this.#drewAsPlanned = false;
  }

  /** The machine is nobody's any longer. */
  release(): void {
    this.jobId = null;
    this.foundAt = null;
    this.tuning = {};
  }

  moved(where: Whereabouts, starvations: number): void {
    this.where = where;
    this.#lastSeen = where.position;
    const { x, y } = where.position;
    this.isParked = !this.isPositionLost && Math.hypot(x, y) < AT_ORIGIN_MM;
    this.starvations = this.#formerStarvations + starvations;
  }

  /** A paused job keeps the machine: its paper is still in it. */
  ended(stopped: StoppedReport): void {
    this.isDrawing = false;
    const holds = stopped.outcome !== "completed" && stopped.outcome !== "cancelled";
    if (!holds) this.release();
  }

  view(): DeviceView {
    const { device, info, where } = this;
    return {
      id: device.id,
      driver: device.driver,
      model: device.model,
      port: device.driver === "virtual" ? null : (info?.port ?? device.port),
      status: this.status,
      ready: this.isReady || !this.requiresReady,
      pen_up: where?.penUp ?? null,
      position: this.#position(),
      firmware_version: info ? `v${info.firmware}` : null,
      nickname: info?.nickname ?? null,
      motor_current: info?.motorCurrentA ?? null,
      motor_power: info?.motorPower ?? null,
      job_id: this.jobId,
      reason: this.reason ?? (this.isPositionLost ? PLACE_LOST : null),
      starved_strokes: this.starvations,
      inked_today_mm: Math.round(this.ink.mm),
      speed: device.speed,
    };
  }

  /** As `device_status` says it, without its number. */
  message(timestamp: string): Omit<DeviceStatus, "seq"> {
    const view = this.view();
    return {
      type: "device_status",
      timestamp,
      device_id: view.id,
      status: view.status,
      pen_up: view.pen_up,
      position: view.position,
      metadata: {
        firmware_version: view.firmware_version,
        motor_current: view.motor_current,
        ready: view.ready,
      },
    };
  }

  #position(): DeviceView["position"] {
    if (!this.where || this.isPositionLost || !this.motorsOn) return null;
    return {
      x: Math.round(this.where.position.x * 1000) / 1000,
      y: Math.round(this.where.position.y * 1000) / 1000,
    };
  }
}
