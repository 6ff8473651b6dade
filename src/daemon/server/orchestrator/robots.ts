import { type Clock, timestamp } from "../../../shared/clock.ts";
import type { RobotMetrics, RobotState, RobotStatus } from "../../../shared/robot-messages.ts";
import type { DeviceService } from "../../services.ts";
import { ProcessLoad } from "./process-load.ts";
import { ROBOT_STATE } from "./vocabulary.ts";

/** A robot that reports through the API is offline when it has been silent for so long. */
const SILENT_MS = 30_000;
/** Reporting robots remembered at most; the one silent longest is forgotten first. */
const MAX_REPORTED = 1000;

interface Reported {
  readonly status: RobotStatus;
  readonly atMs: number;
}

/** Every robot: this daemon's plotters, and those that report through the API. */
export class Robots {
  readonly #devices: DeviceService;
  readonly #clock: Clock;
  readonly #load = new ProcessLoad();
  readonly #reported = new Map<string, Reported>();

  constructor(devices: DeviceService, clock: Clock) {
    this.#devices = devices;
    this.#clock = clock;
  }

  report(status: RobotStatus): void {
    this.#reported.delete(status.robot_id);
    this.#reported.set(status.robot_id, { status, atMs: this.#clock.monotonicMs() });
    if (this.#reported.size > MAX_REPORTED) this.#reported.delete(this.#reported.keys().next().value!);
  }

  list(): RobotStatus[] {
    const at = timestamp(this.#clock);
    const own = this.#devices.list().map(({ id, status }) => this.#plotter(id, ROBOT_STATE[status], at));
    const ids = new Set(own.map(({ robot_id }) => robot_id));
    const others = [...this.#reported.values()].filter(({ status }) => !ids.has(status.robot_id));
    return [...own, ...others.map((reported) => this.#asOfNow(reported, at))];
  }

  /** `error` and `maintenance` count as offline, so that total = active + offline and active = idle + busy. */
  counts(): RobotMetrics["data"]["robots"] {
    const states = this.list().map(({ status }) => status);
    const idle = states.filter((state) => state === "idle").length;
    const busy = states.filter((state) => state === "busy").length;
    const active = idle + busy;
    return { total: states.length, active, idle, busy, offline: states.length - active };
  }

  #plotter(id: string, status: RobotState, at: string): RobotStatus {
    const { cpuPercent, memoryMb } = this.#load.read(this.#devices.pid?.(id));
    return { robot_id: id, status, cpu_percent: cpuPercent, memory_mb: memoryMb, timestamp: at };
  }

  #asOfNow({ status, atMs }: Reported, at: string): RobotStatus {
    const isSilent = this.#clock.monotonicMs() - atMs > SILENT_MS;
    return isSilent ? { ...status, status: "offline", cpu_percent: 0, memory_mb: 0, timestamp: at } : status;
  }
}
