import type { Point } from "../../shared/geometry.ts";
import type { PenSettings } from "../../shared/plot-settings.ts";

/** A straight piece of motion at constant acceleration or jerk, short enough (at most ~50 ms) that a pause need not wait for it. */
export interface Slice {
  /** Where it ends, machine mm. It begins where the slice before it ended. */
  readonly to: Point;
  readonly durationS: number;
  /** Speeds along the slice at its two ends, mm/s; their mean times the duration is its length. */
  readonly startMmPerS: number;
  readonly endMmPerS: number;
  /**
   * Change of the acceleration, mm/s³; then the length is the mean of the speeds times the duration, less jerk × duration³/12.
   * A board that cannot do it takes the slice at constant acceleration. 0 where it is missing.
   */
  readonly jerkMmPerS3?: number;
}

export interface BoardInfo {
  /** Such as `2.8.1`. */
  readonly firmware: string;
  readonly nickname: string | null;
  readonly port: string;
  /** It can change the acceleration within a slice. */
  readonly limitsJerk: boolean;
  /** The board kept power, its motors and its step counters since it was last used: the position can be believed. */
  readonly positionKnown: boolean;
}

export interface MotorPower {
  /** Amperes set for the motors; null where the board does not measure them. */
  readonly currentA: number | null;
  /** False when the motor supply is missing. */
  readonly powered: boolean;
  /** True when next to nothing is measured: not even a motor that starts pulls a supply down so far. */
  readonly absent?: boolean;
}

export interface BoardStatus {
  readonly positionMm: Point;
  /** The carriage stands still and nothing waits in the FIFO. */
  readonly idle: boolean;
  /** The button was pressed since the last status. */
  readonly buttonPressed: boolean;
  readonly penUp: boolean;
}

/**
 * Moves a pen, in mm. Motion is queued: `move`, `raisePen` and `lowerPen` resolve when the board has taken the command
 * *and* less than the queue target (200 ms) of motion is waiting, so that the caller is held back. Everything rejects with
 * a `PlottyError` (`device.*`) when the board is gone, silent, or answers with an error; after that the plotter is unusable.
 */
export interface Plotter {
  readonly info: BoardInfo;
  /** Raises the pen before anything else, then takes the machine in: settings, position, motors. */
  open(signal: AbortSignal): Promise<BoardInfo>;
  /** Servo heights and rates of this pen. */
  usePen(pen: PenSettings): Promise<void>;
  /** @param leadS how much motion may wait before the board is given more; 0.15 when it does not matter */
  move(slice: Slice, leadS?: number): Promise<void>;
  raisePen(durationS: number): Promise<void>;
  lowerPen(durationS: number): Promise<void>;
  /** Resolves when all that was queued has been executed. */
  drained(signal: AbortSignal): Promise<void>;
  /** Where the board's own step counters say it is, in mm, now; asked in line with the queued commands. */
  executedPosition(): Promise<Point>;
  motorPower(): Promise<MotorPower>;
  buttonPressed(): Promise<boolean>;
  /** Where the last queued slice ends. */
  readonly queuedPosition: Point;
  /** Motion queued on the board and not yet executed, s (an estimate from durations and acknowledgements). */
  readonly queuedS: number;
  /** Strokes in which the FIFO ran dry between two slices of one stroke. */
  readonly starvations: number;
  enableMotors(on: boolean): Promise<void>;
  /** Declares the present place to be the origin. */
  setOrigin(): Promise<void>;
  /** `ES`: halts now; the position is no longer trusted. */
  emergencyStop(): Promise<void>;
  close(): Promise<void>;
}
