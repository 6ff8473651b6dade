import type { ErrorBody } from "../../shared/errors.ts";
import type { Point } from "../../shared/geometry.ts";
import type { PlanPosition } from "../../shared/plan.ts";
import type { PenSettings } from "../../shared/plot-settings.ts";
import type { DeviceConfig } from "../config-schema.ts";
import type { DeviceAction } from "../services.ts";
import type { PenTuning } from "./pen-tuning.ts";

/** What the daemon and the driver process of one plotter say to each other. */

export interface DriverSetup {
  readonly device: DeviceConfig;
  /** Loaded before the first job. */
  readonly pen: PenSettings;
  /** The nickname it answered with before, so that it is found whatever its port is called now. */
  readonly knownAs: string | null;
  /** Ports that are other machines' own: paths and `nickname:NAME`. */
  readonly othersPorts: readonly string[];
}

export interface PlotTask {
  readonly jobId: string;
  readonly planFile: string;
  readonly from: PlanPosition;
  /** Where the machine was found after the job was cut off: the plan goes on there. Null where it stopped in order. */
  readonly foundAt: Point | null;
  readonly tuning: PenTuning;
  /** How much each pen may still draw before it is changed, mm; a pen that is not named has no limit. */
  readonly inkLeftMm: Readonly<Record<string, number>>;
  /** A pause before the layer at `from` has been answered. */
  readonly resumed: boolean;
  /** The file in which the position that the board executed is kept. */
  readonly journalFile: string;
  readonly junctionDeviationMm: number;
}

export type ToDriver =
  | { readonly type: "setup"; readonly setup: DriverSetup }
  | { readonly type: "plot"; readonly task: PlotTask }
  | { readonly type: "pause"; readonly reason: string }
  | { readonly type: "cancel"; readonly reason: string }
  | { readonly type: "stop" }
  /** From the next stroke on. */
  | { readonly type: "tune"; readonly tuning: PenTuning }
  | { readonly type: "act"; readonly id: number; readonly action: DriverAction }
  /** Ends the driver, with the pen up; parked when the place of the machine is known. */
  | { readonly type: "close"; readonly park: boolean };

/** `ready` and `maintenance` are the daemon's own affair; `stop` waits for nothing. `origin`: home is here. */
export type DriverAction =
  | Exclude<DeviceAction, { type: "ready" | "maintenance" | "stop" | "pen" }>
  | { readonly type: "pen"; readonly up: boolean }
  | { readonly type: "origin" };

export interface MachineInfo {
  readonly firmware: string;
  readonly nickname: string | null;
  readonly port: string;
  /** The step counters survived: the position can be believed. */
  readonly positionKnown: boolean;
  readonly motorCurrentA: number | null;
  readonly motorPower: boolean;
}

/** Where the carriage is, as the board's step counters say. */
export interface Whereabouts {
  readonly position: Point;
  readonly penUp: boolean;
}

export interface JobReport {
  readonly at: PlanPosition;
  /** Share of the planned time, 0…1. */
  readonly progress: number;
  readonly remainingS: number;
  /** 0-based. */
  readonly layer: number;
  readonly pointsPlotted: number;
  /** Ink of the plan up to here, mm. */
  readonly inkMm: number;
  /** Strokes of the plan that lie before here. */
  readonly strokes: number;
}

export type Outcome = "completed" | "paused" | "cancelled" | "halted" | "failed";

export interface StoppedReport {
  readonly jobId: string;
  readonly outcome: Outcome;
  /** Set when it was paused for a pen that has drawn as far as it may. */
  readonly wornPen?: string;
  readonly at: PlanPosition;
  readonly reason: string;
  readonly error?: ErrorBody;
}

export type FromDriver =
  | { readonly type: "alive" }
  | { readonly type: "connected"; readonly info: MachineInfo; readonly where: Whereabouts }
  /** The machine is away or unusable; the driver goes on looking for it. */
  | { readonly type: "away"; readonly error: ErrorBody }
  | { readonly type: "whereabouts"; readonly where: Whereabouts; readonly starvations: number }
  | { readonly type: "report"; readonly jobId: string; readonly report: JobReport }
  /** The first pen-down of this run: paper has been used. */
  | { readonly type: "inked"; readonly jobId: string }
  /** The supply of the motors came or went while the board went on. */
  | { readonly type: "power"; readonly powered: boolean }
  /** Something beside the machine fails, such as the disk; the plot goes on. Told once a plot. */
  | { readonly type: "trouble"; readonly jobId: string; readonly error: ErrorBody }
  | { readonly type: "stopped"; readonly stopped: StoppedReport }
  | { readonly type: "button" }
  | { readonly type: "acted"; readonly id: number; readonly error?: ErrorBody }
  | { readonly type: "load"; readonly cpuPercent: number; readonly memoryMb: number };
