import type { ErrorBody } from "../../shared/errors.ts";
import type { Point } from "../../shared/geometry.ts";
import type { PlanPosition } from "../../shared/plan.ts";
import type { PenSettings } from "../../shared/plot-settings.ts";
import type { DeviceConfig } from "../config-schema.ts";
import type { DeviceAction } from "../services.ts";

/** What the daemon and the driver process of one plotter say to each other. */

export interface DriverSetup {
  readonly device: DeviceConfig;
  /** Loaded before the first job. */
  readonly pen: PenSettings;
}

export interface PlotTask {
  readonly jobId: string;
  readonly planFile: string;
  readonly from: PlanPosition;
  /** The position came from a journal, not from a brake: look for the machine's own place on the plan. */
  readonly isEstimate: boolean;
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
  | { readonly type: "act"; readonly id: number; readonly action: DriverAction }
  /** Ends the driver, with the pen up; parked when the place of the machine is known. */
  | { readonly type: "close"; readonly park: boolean };

/** `ready` and `maintenance` are the daemon's own affair; `stop` waits for nothing. `origin`: home is here. */
export type DriverAction =
  | Exclude<DeviceAction, { type: "ready" | "maintenance" | "stop" }>
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
  | { readonly type: "penChange"; readonly jobId: string; readonly pen: string }
  | { readonly type: "stopped"; readonly stopped: StoppedReport }
  | { readonly type: "button" }
  | { readonly type: "acted"; readonly id: number; readonly error?: ErrorBody }
  | { readonly type: "load"; readonly cpuPercent: number; readonly memoryMb: number };
