import type { Point } from "../../shared/geometry.ts";
import { kindOfMove, type PlanPosition, strokeOfMove } from "../../shared/plan.ts";
import type { PenSettings } from "../../shared/plot-settings.ts";
import { type PathProfile, travelProfile } from "../motion/path-profile.ts";
import { brakeAlong, type Passage, type PathSlice, type SliceLimits, slicePath } from "../motion/slices.ts";
import { ExecutedTracker } from "./executed.ts";
import type { MachineModel } from "./models.ts";
import { tunedPen } from "./pen-tuning.ts";
import type { PlanFile, PlannedStroke } from "./plan-file.ts";
import type { PlotControl, PlotEnd } from "./plot-control.ts";
import type { Plotter } from "./plotter.ts";
import { pieceAt, speedAt } from "./stroke-pieces.ts";

export interface PlotStreamOptions {
  readonly plan: PlanFile;
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
/** From the request of a pause to the carriage at rest and the pen on its way up. */
const PAUSE_S = 0.5;
/** Of it, for the request's way through two processes, and a host that is late. */
const REACTION_S = 0.03;
/** Of a wait before a layer, what is sent to the board at a time. */
const LONGEST_WAIT_S = 0.2;
/** Fewest and most motion that waits for the board, s: below it would starve, above it nothing is gained. */
const LEAD_S = { least: 0.07, most: 0.25 };

/** Draws a plan with a plotter, from a position on; ends at its end, at a pause, or when it is cancelled. */
export class PlotStream {
  readonly tracker: ExecutedTracker;
  readonly #options: PlotStreamOptions;
  readonly #inkLeftMm: Record<string, number>;
  readonly #slices: SliceLimits;
  #pen: PenSettings | null = null;

  constructor(options: PlotStreamOptions) {
    this.#options = options;
    this.#inkLeftMm = { ...options.inkLeftMm };
    this.#slices = { ...SLICES, bends: options.plotter.info.limitsJerk };
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
    let { stroke, fromMm } = startOf(this.#options.from, plan.strokeCount);
    for (; stroke < plan.strokeCount; stroke++, fromMm = 0) {
      const planned = await plan.stroke(stroke);
      const waitFor = await this.#penChangeBefore(planned, fromMm);
      if (waitFor) return this.#stopped("paused", { move: 4 * stroke, mm: 0 }, waitFor);
      await this.#waitBefore(planned, fromMm);
      const end = (await this.#stroke(planned, fromMm)) ?? (await this.#penWornAfter(planned, fromMm));
      if (end) return end;
    }
    const homeward = travelProfile(plotter.queuedPosition, ORIGIN, plan.head.penUp);
    const home = await this.#follow(homeward, 4 * stroke, 0);
    if (home.haltedMm !== null) return this.#halted({ move: 4 * stroke, mm: 0 });
    return this.#stopped("completed", { move: 4 * stroke, mm: 0 }, "Drawn to the end");
  }

  /** Why the job must wait before this stroke: another pen, or the author's own wish. */
  async #penChangeBefore(stroke: PlannedStroke, fromMm: number): Promise<string | null> {
    const { plan, resumed } = this.#options;
    const { index, layer, layerIndex } = stroke;
    if (layer.firstStroke !== index || fromMm > 0) return null;
    if (resumed && index === startOf(this.#options.from, plan.strokeCount).stroke) return null;
    const before = plan.head.layers[layerIndex - 1];
    if (before && before.pen.name !== layer.pen.name) return `pen change: load ${layer.pen.name}`;
    return layer.pauseBefore ? `pause before layer ${layer.name}` : null;
  }

  /** A layer that asks for a wait (`+D500`) has it with the pen up; whoever asks for a pause meanwhile need not wait. */
  async #waitBefore({ index, layer }: PlannedStroke, fromMm: number): Promise<void> {
    if (layer.firstStroke !== index || fromMm > 0) return;
    for (
      let leftS = layer.waitS ?? 0;
      leftS > 1e-3 && !this.#options.control.request;
      leftS -= LONGEST_WAIT_S
    ) {
      await this.#options.plotter.raisePen(Math.min(leftS, LONGEST_WAIT_S));
    }
  }

  /** A pen with a limit is changed at a stroke's end, where it leaves no mark. */
  async #penWornAfter(stroke: PlannedStroke, fromMm: number): Promise<PlotEnd | null> {
    const { name: pen } = stroke.layer.pen;
    const leftMm = this.#inkLeftMm[pen];
    if (leftMm === undefined) return null;
    this.#inkLeftMm[pen] = leftMm - (stroke.lengthMm - fromMm);
    if (this.#inkLeftMm[pen]! > 0 || stroke.index + 1 >= this.#options.plan.strokeCount) return null;
    const reason = `pen worn: ${pen} has drawn as far as it may, change it`;
    const next = { move: 4 * (stroke.index + 1), mm: 0 };
    return { ...(await this.#stopped("paused", next, reason)), wornPen: pen };
  }

  async #stroke(stroke: PlannedStroke, fromMm: number): Promise<PlotEnd | null> {
    const { plan, plotter, junctionDeviationMm, onPenDown } = this.#options;
    const [travelMove, drawMove] = [4 * stroke.index, 4 * stroke.index + 2];
    const pen = await this.#takePen(stroke.layer.pen);
    const settings = { plan, stroke, runStartMm: fromMm, pen, junctionDeviationMm };
    let piece = await pieceAt(settings, fromMm, 0);
    const travel = travelProfile(plotter.queuedPosition, piece.path.pointAt(0), plan.head.penUp);
    const resumeAt = fromMm > 0 ? { move: drawMove, mm: fromMm } : { move: travelMove, mm: 0 };
    if ((await this.#follow(travel, travelMove, 0)).haltedMm !== null) return this.#halted(resumeAt);
    if (this.#options.control.request) return this.#halted(resumeAt);
    onPenDown();
    await plotter.lowerPen(pen.dropS);
    let done = await this.#follow(piece.path, drawMove, piece.startMm, pen, piece.untilMm);
    while (done.haltedMm === null && !piece.isLast) {
      piece = await pieceAt(settings, piece.startMm + done.mm, speedAt(piece.path, done.mm));
      done = await this.#follow(piece.path, drawMove, piece.startMm, pen, piece.untilMm);
    }
    await plotter.raisePen(pen.liftS);
    if (done.haltedMm === null) return null;
    const isWhole = piece.isLast && done.haltedMm > piece.path.lengthMm - 1e-3;
    return this.#halted(
      isWhole
        ? { move: 4 * (stroke.index + 1), mm: 0 }
        : { move: drawMove, mm: piece.startMm + done.haltedMm },
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

  /**
   * Follows a path to its end, or brakes along it when asked to.
   *
   * @param pen with which it is drawn; missing: the pen is up
   * @param untilMm it ends with the first slice that gets there
   */
  async #follow(
    path: PathProfile,
    move: number,
    baseMm: number,
    pen?: PenSettings,
    untilMm = path.lengthMm,
  ): Promise<Followed> {
    let done: Passage = { endMm: 0, endMmPerS: path.speeds[0] ?? 0 };
    for (const slice of slicePath(path, this.#slices)) {
      if (this.#options.control.request)
        return { mm: done.endMm, haltedMm: await this.#brake(path, done, move, baseMm) };
      await this.#send(slice, move, baseMm + done.endMm, baseMm, pen);
      done = slice;
      if (done.endMm >= untilMm && untilMm < path.lengthMm) break;
    }
    return { mm: done.endMm, haltedMm: null };
  }

  async #brake(path: PathProfile, from: Passage, move: number, baseMm: number) {
    let doneMm = from.endMm;
    if (this.#options.control.request?.type === "halt") return doneMm;
    for (const slice of brakeAlong(path, from, this.#slices)) {
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
      const homeward = travelProfile(plotter.queuedPosition, ORIGIN, plan.head.penUp);
      for (const slice of slicePath(homeward, this.#slices)) {
        this.tracker.sent(slice.to, at.move, at.mm, at.mm);
        await plotter.move(slice);
      }
    }
    return this.#stopped(request.type === "cancel" ? "cancelled" : "paused", at, request.reason);
  }

  async #stopped(outcome: PlotEnd["outcome"], at: PlanPosition, reason: string): Promise<PlotEnd> {
    await this.#options.plotter.drained(FOREVER);
    this.tracker.settled(at);
    return { outcome, at, reason };
  }
}

interface Followed {
  /** How far along the path it was followed. */
  readonly mm: number;
  /** Where it stopped after a brake, mm along the path; null when it was not asked to. */
  readonly haltedMm: number | null;
}

const ORIGIN: Point = { x: 0, y: 0 };

/**
 * How much motion may wait for the board: it can't be taken back, so after it there must be time enough to brake from
 * this speed. The more waits, the longer the host may be held up without the board's noticing.
 */
function leadS({ accelMmPerS2 }: PenSettings, mmPerS: number): number {
  const leftS = PAUSE_S - REACTION_S - mmPerS / accelMmPerS2 - SLICES.maxS;
  return Math.min(LEAD_S.most, Math.max(LEAD_S.least, leftS));
}

/** The stroke a position stands on or before, and how much of it is drawn. */
export function startOf(position: PlanPosition, strokes: number): { stroke: number; fromMm: number } {
  const stroke = Math.min(strokeOfMove(position.move), strokes);
  const kind = kindOfMove(position.move);
  if (kind === "lift") return { stroke: stroke + 1, fromMm: 0 };
  return { stroke, fromMm: kind === "draw" ? position.mm : 0 };
}
