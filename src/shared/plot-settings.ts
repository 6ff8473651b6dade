import type { Point, Size } from "./geometry.ts";

/** What a person may ask for a drawing: flags of the command line, fields of an upload. All optional. */
export interface PlotOptions {
  /** A paper of the configuration (`a4`), any case. Missing: the paper is the envelope. */
  paper?: string;
  marginMm?: number;
  fit?: "none" | "page";
  rotate?: "auto" | 0 | 90 | 180 | 270;
  scale?: number;
  /** Where the corner of the page goes, mm from the machine's origin. */
  origin?: Point;
  joinMm?: number;
  optimize?: OptimizePreset;
  keepOrder?: boolean;
  /** Draw what is there twice twice. */
  keepDoubles?: boolean;
  /** Draw every layer with this pen. */
  pen?: string;
  /** How layers are found where there are no Inkscape layers. */
  layers?: LayerSource;
  /** Jerk limit of pen-up travels, mm/s³. */
  jerkMmPerS3?: number;
}

export type OptimizePreset = "fast" | "balanced" | "best";
export type LayerSource = "inkscape" | "groups" | "colors";

/** Everything planning needs, with nothing left to look up: same drawing and settings, same plan. */
export interface PlotSettings {
  readonly reading: ReadSettings;
  readonly page: PageSettings;
  readonly optimize: OptimizeSettings;
  readonly motion: MotionSettings;
}

export interface ReadSettings {
  /** Largest allowed distance between a curve and its polyline, mm on the drawing's page. */
  readonly toleranceMm: number;
  readonly layers: LayerSource;
}

export interface PageSettings {
  /** The area the carriage can reach. */
  readonly envelope: Size;
  readonly paper: Size;
  readonly marginMm: number;
  readonly fit: "none" | "page";
  readonly rotate: "auto" | 0 | 90 | 180 | 270;
  readonly scale: number;
  readonly origin: Point;
}

export interface OptimizeSettings {
  readonly preset: OptimizePreset;
  /** Strokes of a layer whose ends are at most this far apart are joined, mm. */
  readonly joinMm: number;
  readonly keepOrder: boolean;
  /** Strokes that draw exactly what an earlier one of their layer draws are left out. */
  readonly dropDoubles: boolean;
  readonly penUp: TravelLimits;
  /** One lift and one drop together, s: what a stroke costs besides its way. */
  readonly penCycleS: number;
}

export interface SpeedLimits {
  readonly speedMmPerS: number;
  readonly accelMmPerS2: number;
}

/** Limits of pen-up travels. */
export interface TravelLimits extends SpeedLimits {
  /** How fast the acceleration may change: travels are S-curves. Missing: it may jump. */
  readonly jerkMmPerS3?: number;
}

export interface MotionSettings {
  readonly penUp: TravelLimits;
  readonly junctionDeviationMm: number;
  /** One entry per layer of the drawing is made from these: by layer name, else `defaultPen`. */
  readonly pens: readonly PenSettings[];
  readonly defaultPen: string;
  /** Draw every layer with the default pen. */
  readonly onePen: boolean;
}

export interface PenSettings extends SpeedLimits {
  readonly name: string;
  readonly widthMm: number;
  readonly color: string;
  /** Servo heights in per cent of the machine's servo range. */
  readonly upPercent: number;
  readonly downPercent: number;
  /** Planned time of the servo's sweep plus the pen's own delay, s. */
  readonly liftS: number;
  readonly dropS: number;
}
