import type { PenSettings } from "../../shared/plot-settings.ts";
import { settleSpeeds } from "../motion/lookahead.ts";
import { PathProfile } from "../motion/path-profile.ts";
import type { PlanFile, PlannedStroke } from "./plan-file.ts";
import { readStretch } from "./stroke-reader.ts";

/** What of a stroke is held in memory at once. It overlaps the next piece, so that the pen can brake anywhere on it. */
export interface StrokePiece {
  /** Begins where the piece does. */
  readonly path: PathProfile;
  /** Where it begins on the stroke, mm. */
  readonly startMm: number;
  /** From here on, mm along `path`, the next piece may take over; the path's own end for the last one. */
  readonly untilMm: number;
  readonly isLast: boolean;
}

export interface PieceSettings {
  readonly plan: PlanFile;
  readonly stroke: PlannedStroke;
  /** The stroke is drawn from here on, starting at rest, mm. */
  readonly runStartMm: number;
  /** As it is drawn; its speed may be another than planned. */
  readonly pen: PenSettings;
  readonly junctionDeviationMm: number;
}

/** Of these at least half are drawn before the next piece is read. */
const PIECE_POINTS = 2048;
/** More than the longest slice: the pen may be asked to brake after one that ends beyond the piece. */
const REACTION_S = 0.1;

/**
 * The piece of a stroke that begins at `fromMm`, which is reached at `entryMmPerS`. Its speeds are the planned ones; near the
 * start of a run, and for a pen whose speed was changed, they are settled anew. A distance in which the pen can stop from
 * any speed is looked ahead and back, so pieces join as if the stroke had been settled whole.
 */
export async function pieceAt(
  settings: PieceSettings,
  fromMm: number,
  entryMmPerS: number,
): Promise<StrokePiece> {
  const { plan, stroke, runStartMm, pen, junctionDeviationMm } = settings;
  const marginMm = pen.speedMmPerS ** 2 / (2 * pen.accelMmPerS2) + REACTION_S * pen.speedMmPerS;
  const isPlanned = pen.speedMmPerS === stroke.layer.pen.speedMmPerS;
  const isAsPlanned = isPlanned && (runStartMm <= 0 || fromMm >= runStartMm + marginMm);
  const backMm = isAsPlanned ? fromMm : Math.max(runStartMm, fromMm - marginMm);
  const extent = { points: PIECE_POINTS, mm: fromMm - backMm + 2 * marginMm };
  const { path, start, isLast } = await readStretch(plan, stroke, backMm, extent);
  const own = isAsPlanned ? path : settled(cut(path, backMm - start.mm, 0), pen, junctionDeviationMm);
  const piece = cut(own, fromMm - (isAsPlanned ? start.mm : backMm), entryMmPerS);
  const untilMm = isLast ? piece.lengthMm : piece.lengthMm - marginMm;
  return { path: piece, startMm: fromMm, untilMm, isLast };
}

function settled(path: PathProfile, pen: PenSettings, deviationMm: number): PathProfile {
  const speeds = new Float64Array(path.speeds.length);
  settleSpeeds(path.points, speeds, pen, deviationMm);
  return new PathProfile(path.points, speeds, pen);
}

/** The path from `mm` on, entered at `entryMmPerS`; from its very beginning, as it is. */
function cut(path: PathProfile, mm: number, entryMmPerS: number): PathProfile {
  if (mm <= 0) return path;
  const start = path.pointAt(mm);
  let next = path.segmentAt(mm) + 1;
  const isOnVertex = path.atMm[next] !== undefined && path.atMm[next]! - mm < 1e-6;
  if (isOnVertex) next++;
  const count = Math.max(0, path.speeds.length - next);
  const points = new Float64Array(2 + 2 * count);
  const speeds = new Float64Array(1 + count);
  points.set([start.x, start.y]);
  points.set(path.points.subarray(2 * next), 2);
  speeds[0] = entryMmPerS;
  speeds.set(path.speeds.subarray(next), 1);
  return new PathProfile(points, speeds, path.limits);
}

/** Speed with which the path is passed at `mm`, mm/s. */
export function speedAt(path: PathProfile, mm: number): number {
  const { atMm, speeds, limits } = path;
  const i = path.segmentAt(mm);
  const entry = speeds[i] ?? 0;
  const exit = speeds[i + 1] ?? 0;
  const twoAccel = 2 * limits.accelMmPerS2;
  const up2 = entry ** 2 + twoAccel * Math.max(0, mm - atMm[i]!);
  const down2 = exit ** 2 + twoAccel * Math.max(0, (atMm[i + 1] ?? mm) - mm);
  return Math.min(Math.max(limits.speedMmPerS, entry, exit), Math.sqrt(Math.min(up2, down2)));
}
