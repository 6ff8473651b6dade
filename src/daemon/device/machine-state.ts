import type { ErrorBody } from "../../shared/errors.ts";
import type { DeviceStatus, DeviceView } from "../../shared/ws-messages.ts";
import type { DeviceConfig } from "../config-schema.ts";
import type { MachineInfo, StoppedReport, Whereabouts } from "./driver-messages.ts";

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
  /** It lost its power while a drawing was under way: where it stands is not known until someone homes it. */
  isPositionLost = false;
  starvations = 0;
  load = { cpuPercent: 0, memoryMb: 0 };

  constructor(device: DeviceConfig) {
    this.device = device;
  }

  /** The paper gate: a virtual plotter has paper without end unless configured otherwise. */
  get requiresReady(): boolean {
    return this.device.require_ready ?? this.device.driver !== "virtual";
  }

  get canDraw(): boolean {
    return this.isConnected && !this.isFaulty && !this.inMaintenance && !this.isDrawing;
  }

  get status(): DeviceStatus["status"] {
    if (!this.isConnected) return this.isFaulty ? "error" : "disconnected";
    if (this.isFaulty) return "error";
    if (this.inMaintenance) return "maintenance";
    if (this.isDrawing) return "busy";
    return this.jobId === null ? "connected" : "paused";
  }

  connected(info: MachineInfo, where: Whereabouts): void {
    const wasPowered = this.info === null || info.positionKnown || this.device.driver === "virtual";
    if (!wasPowered && this.jobId !== null) this.isPositionLost = true;
    this.info = info;
    this.where = where;
    this.isConnected = true;
    this.isFaulty = !info.motorPower;
    this.reason = info.motorPower
      ? null
      : "the motors have no power: plug in and switch on the machine's power supply";
  }

  away(error: ErrorBody): void {
    this.isConnected = false;
    this.isDrawing = false;
    this.where = null;
    this.isFaulty = error.code !== "device.port-missing" && error.code !== "device.link-closed";
    this.reason = error.message;
  }

  begin(jobId: string): void {
    this.jobId = jobId;
    this.isDrawing = true;
  }

  moved(where: Whereabouts, starvations: number): void {
    this.where = where;
    this.starvations = starvations;
  }

  /** A paused job keeps the machine: its paper is still in it. */
  ended(stopped: StoppedReport): void {
    this.isDrawing = false;
    const holds = stopped.outcome === "paused" || stopped.outcome === "failed";
    if (!holds) this.jobId = null;
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
      reason: this.reason,
      starved_strokes: this.starvations,
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
      metadata: { firmware_version: view.firmware_version, motor_current: view.motor_current },
    };
  }

  #position(): DeviceView["position"] {
    if (!this.where || this.isPositionLost) return null;
    return {
      x: Math.round(this.where.position.x * 1000) / 1000,
      y: Math.round(this.where.position.y * 1000) / 1000,
    };
  }
}
