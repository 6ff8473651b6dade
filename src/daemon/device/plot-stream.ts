import type { PlottyError } from "../../shared/errors.ts";
import type { Point } from "../../shared/geometry.ts";
import {
  kindOfMove,
  type MotionPlan,
  type PlanPosition,
  strokeCount,
  strokeOfMove,
} from "../../shared/plan.ts";
import type { PenSettings } from "../../shared/plot-settings.ts";
import { settleSpeeds } from "../motion/lookahead.ts";
import { PathProfile, strokeProfile, travelProfile } from "../motion/path-profile.ts";
import { drawTime } from "../motion/plan.ts";
import { brakeAlong, type PathSlice, type SliceLimits, slicePath } from "../motion/slices.ts";
import { ExecutedTracker } from "./executed.ts";
import type { MachineModel } from "./models.ts";
import { type PenTuning, tunedPen } from "./pen-tuning.ts";
import type { Plotter } from "./plotter.ts";

/** What the daemon wants of a plot under way. */
export interface PlotControl {
  /** Read before each slice. */
  request: PlotRequest | null;
  /** Read before each stroke. */
  tuning: PenTuning;
}

export type PlotRequest =
  | { readonly type: "pause" | "cancel"; readonly reason: string }
  /** `done`: the board has stopped and the pen is up. `error`: not a person but a fault has asked for it. */
  | {
      readonly type: "halt";
      readonly reason: string;
      readonly done: Promise<void>;
      readonly error?: PlottyError;
    };

export interface PlotEnd {
  /** `halted`: stopped by `ES`, so the position on the plan is the last one known. */
  readonly outcome: "completed" | "paused" | "cancelled" | "halted";
  readonly at: PlanPosition;
  readonly reason: string;
  readonly wornPen?: string;
}

export interface PlotStreamOptions {
  readonly plan: MotionPlan;
  readonly plotter: Plotter;
  readonly model: MachineModel;
  readonly control: PlotControl;
  readonly from: PlanPosition;
  readonly resumed: boolean;
  readonly inkLeftMm: Readonly<Record<string, number>>;
  readonly junctionDeviationMm: number;
  readonly onPenDown: () => void;
}

const FOREVER = new AbortController().signal;
/** Short slices keep what waits in the board near its bound. */
const SLICES: SliceLimits = { minS: 0.006, maxS: 0.04 };
/** From the request of a pause to the pen off the paper. */
const PAUSE_S = 0.5;
/** Of it, for the request's way through two processes. */
const REACTION_S = 0.015;
/** A pen with a long wait of its own is off the paper before that wait. */
const LONGEST_LIFT_S = 0.24;
/** Fewest and most motion that waits for the board, s: below it would starve, above it nothing is gained. */
const LEAD_S = { least: 0.07, most: 0.21 };

/** Draws a plan with a plotter, from a position on; ends at its end, at a pause, or when it is cancelled. */
export class PlotStream {
  readonly tracker: ExecutedTracker;
  readonly #options: PlotStreamOptions;
  readonly #inkLeftMm: Record<string, number>;
  #pen: PenSettings | null = null;

  constructor(options: PlotStreamOptions) {
    this.#options = options;
    this.#inkLeftMm = { ...options.inkLeftMm };
    this.tracker = new ExecutedTracker(options.from, options.plotter.queuedPosition);
  }

  async run(): Promise<PlotEnd> {
    try {
      return await this.#draw();
    } catch (error) {
      // A halt turns away the slice that was waiting for its place in the queue.
      if (this.#options.control.request?.type !== "halt") throw error;
      return this.#halted(this.tracker.position);
    }
  }

  async #draw(): Promise<PlotEnd> {
    const { plan, plotter } = this.#options;
    let { stroke, fromMm } = startOf(this.#options.from, plan);
    for (; stroke < strokeCount(plan); stroke++, fromMm = 0) {
      const waitFor = this.#penChangeBefore(stroke, fromMm);
      if (waitFor) return this.#stopped("paused", { move: 4 * stroke, mm: 0 }, waitFor);
      const end = (await this.#stroke(stroke, fromMm)) ?? (await this.#penWornAfter(stroke, fromMm));
      if (end) return end;
    }
    const home = await this.#follow(travelProfile(plotter.queuedPosition, ORIGIN, plan.penUp), 4 * stroke, 0);
    if (home !== null) return this.#halted({ move: 4 * stroke, mm: 0 });
    return this.#stopped("completed", { move: 4 * stroke, mm: 0 }, "Drawn to the end");
  }

  /** Why the job must wait before this stroke: another pen, or the author's own wish. */
  #penChangeBefore(stroke: number, fromMm: number): string | null {
    const { plan, resumed } = this.#options;
    const layer = plan.layers[plan.strokeLayer[stroke]!]!;
    if (layer.firstStroke !== stroke || fromMm > 0) return null;
    if (resumed && stroke === startOf(this.#options.from, plan).stroke) return null;
    const before = plan.layers[plan.strokeLayer[stroke]! - 1];
    if (before && before.pen.name !== layer.pen.name) return `pen change: load ${layer.pen.name}`;
    return layer.pauseBefore ? `pause before layer ${layer.name}` : null;
  }

  /** A pen with a limit is changed at a stroke's end, where it leaves no mark. */
  async #penWornAfter(stroke: number, fromMm: number): Promise<PlotEnd | null> {
    const { plan } = this.#options;
    const pen = plan.layers[plan.strokeLayer[stroke]!]!.pen.name;
    const leftMm = this.#inkLeftMm[pen];
    if (leftMm === undefined) return null;
    this.#inkLeftMm[pen] = leftMm - (drawTime(plan, stroke).lengthMm - fromMm);
    if (this.#inkLeftMm[pen]! > 0 || stroke + 1 >= strokeCount(plan)) return null;
    const reason = `pen worn: ${pen} has drawn as far as it may, change it`;
    return { ...(await this.#stopped("paused", { move: 4 * (stroke + 1), mm: 0 }, reason)), wornPen: pen };
  }

  async #stroke(stroke: number, fromMm: number): Promise<PlotEnd | null> {
    const { plan, plotter, onPenDown } = this.#options;
    const pen = await this.#takePen(plan.layers[plan.strokeLayer[stroke]!]!.pen);
    const path = this.#pathOf(stroke, fromMm, pen);
    const travel = travelProfile(plotter.queuedPosition, path.pointAt(0), plan.penUp);
    const resumeAt = fromMm > 0 ? { move: 4 * stroke + 2, mm: fromMm } : { move: 4 * stroke, mm: 0 };
    if ((await this.#follow(travel, 4 * stroke, 0)) !== null) return this.#halted(resumeAt);
    if (this.#options.control.request) return this.#halted(resumeAt);
    onPenDown();
    await plotter.lowerPen(pen.dropS);
    const haltedMm = await this.#follow(path, 4 * stroke + 2, fromMm, pen);
    await plotter.raisePen(pen.liftS);
    if (haltedMm === null) return null;
    const isWhole = haltedMm > path.lengthMm - 1e-3;
    return this.#halted(
      isWhole ? { move: 4 * (stroke + 1), mm: 0 } : { move: 4 * stroke + 2, mm: fromMm + haltedMm },
    );
  }

  /** The pen as it is to draw now; its heights are sent to the board where they are others than before. */
  async #takePen(planned: PenSettings): Promise<PenSettings> {
    const { control, model, plotter } = this.#options;
    const pen = tunedPen(planned, control.tuning, model);
    const { upPercent, downPercent } = this.#pen ?? {};
    const isOther =
      pen.name !== this.#pen?.name || pen.upPercent !== upPercent || pen.downPercent !== downPercent;
    if (isOther) await plotter.usePen(pen);
    this.#pen = pen;
    return pen;
  }

  /** The stroke as planned, or with its speeds settled anew for a pen whose speed was changed since. */
  #pathOf(stroke: number, fromMm: number, pen: PenSettings): PathProfile {
    const { plan, junctionDeviationMm } = this.#options;
    const planned = strokeProfile(plan, stroke, fromMm, junctionDeviationMm);
    if (planned.limits.speedMmPerS === pen.speedMmPerS) return planned;
    const speeds = new Float64Array(planned.speeds.length);
    settleSpeeds(planned.points, speeds, pen, junctionDeviationMm);
    return new PathProfile(planned.points, speeds, pen);
  }

  /**
   * Follows a path to its end, or brakes along it when asked to.
   *
   * @param pen with which it is drawn; missing: the pen is up
   * @returns mm along the path where it braked, or null
   */
  async #follow(path: PathProfile, move: number, baseMm: number, pen?: PenSettings): Promise<number | null> {
    let [doneMm, speed] = [0, 0];
    for (const slice of slicePath(path, SLICES)) {
      if (this.#options.control.request) return this.#brake(path, doneMm, speed, move, baseMm);
      await this.#send(slice, move, baseMm + doneMm, baseMm, pen);
      [doneMm, speed] = [slice.endMm, slice.endMmPerS];
    }
    return null;
  }

  async #brake(path: PathProfile, fromMm: number, speed: number, move: number, baseMm: number) {
    let doneMm = fromMm;
    if (this.#options.control.request?.type === "halt") return doneMm;
    for (const slice of brakeAlong(path, fromMm, speed, SLICES)) {
      await this.#send(slice, move, baseMm + doneMm, baseMm);
      doneMm = slice.endMm;
    }
    return doneMm;
  }

  async #send(slice: PathSlice, move: number, startMm: number, baseMm: number, pen?: PenSettings) {
    this.tracker.sent(slice.to, move, startMm, baseMm + slice.endMm);
    await this.#options.plotter.move(slice, pen ? leadS(pen, slice.endMmPerS) : LEAD_S.most);
  }

  async #halted(at: PlanPosition): Promise<PlotEnd> {
    const { control, plotter, plan } = this.#options;
    const request = control.request!;
    if (request.type === "halt") {
      await request.done;
      const place = this.tracker.executed(plotter.queuedPosition, this.tracker.mark());
      return this.#stopped("halted", place, request.reason);
    }
    if (request.type === "cancel") {
      for (const slice of slicePath(travelProfile(plotter.queuedPosition, ORIGIN, plan.penUp)))
        await plotter.move(slice);
    }
    return this.#stopped(request.type === "cancel" ? "cancelled" : "paused", at, request.reason);
  }

  async #stopped(outcome: PlotEnd["outcome"], at: PlanPosition, reason: string): Promise<PlotEnd> {
    await this.#options.plotter.drained(FOREVER);
    this.tracker.settled(at);
    return { outcome, at, reason };
  }
}

const ORIGIN: Point = { x: 0, y: 0 };

/**
 * How much motion may wait for the board: it can't be taken back, so after it there must be time enough to brake from
 * this speed and to lift.
 */
function leadS({ liftS, accelMmPerS2 }: PenSettings, mmPerS: number): number {
  const stopS = mmPerS / accelMmPerS2 + Math.min(liftS, LONGEST_LIFT_S);
  const leftS = PAUSE_S - REACTION_S - stopS - SLICES.maxS;
  return Math.min(LEAD_S.most, Math.max(LEAD_S.least, leftS));
}

/** The stroke a position stands on or before, and how much of it is drawn. */
export function startOf(position: PlanPosition, plan: MotionPlan): { stroke: number; fromMm: number } {
  const stroke = Math.min(strokeOfMove(position.move), strokeCount(plan));
  const kind = kindOfMove(position.move);
  if (kind === "lift") return { stroke: stroke + 1, fromMm: 0 };
  return { stroke, fromMm: kind === "draw" ? position.mm : 0 };
}
