import type { Drawing, Stroke } from "../../shared/drawing.ts";
import { type Bounds, boundsOf, type Size } from "../../shared/geometry.ts";
import type { PageSettings } from "../../shared/plot-settings.ts";
import { PointArena } from "../svg/point-arena.ts";
import { clampIfInside, clipToBox, isInside } from "./clip.ts";
import { simplifyInto } from "./simplify.ts";

/** Sizes this close are the same: a page of 793.7 px is an A4. */
const SAME_SIZE_MM = 0.1;
/** Far below what a pen shows; drops the points of straight lines that were drawn in pieces. */
const SIMPLIFY_MM = 0.002;

/**
 * Lays a drawing on the paper: turns, scales and moves it, then cuts off what would go beyond the paper inside its margin or
 * beyond the machine's reach.
 *
 * @returns strokes in machine mm; `page` is the paper as it lies in the envelope; what was cut is in the notes
 */
export function placeOnPage(drawing: Drawing, page: PageSettings): Drawing {
  const paper = layPaper(page);
  const notes = [...drawing.notes];
  if (!fits(paper, page.envelope)) notes.push(beyondReach(paper, page.envelope));
  const area = inkArea(paper, page);
  const placement = placementOn(paper, page, drawing.page, () => inkBounds(drawing));
  const cutter = new Cutter(area, page.envelope);
  const strokes = cutter.place(drawing.strokes, placement);
  notes.push(...cutter.notes());
  return { page: paper, layers: drawing.layers, strokes, notes };
}

/** @returns whether all of a drawing comes to lie on a page within reach, so that nothing is cut off */
export function wholeOn(drawing: Drawing): (page: PageSettings) => boolean {
  const ink = inkBounds(drawing);
  return (page) => {
    const paper = layPaper(page);
    if (!fits(paper, page.envelope)) return false;
    if (ink.minX > ink.maxX) return true;
    const { a, b, c, d, e, f } = placementOn(paper, page, drawing.page, () => ink);
    const corners = [ink.minX, ink.minY, ink.maxX, ink.maxY];
    for (let i = 0; i < 4; i += 2) {
      const x = corners[i]!;
      const y = corners[i + 1]!;
      corners[i] = a * x + c * y + e;
      corners[i + 1] = b * x + d * y + f;
    }
    return isInside(corners, inkArea(paper, page));
  };
}

function inkBounds(drawing: Drawing): Bounds {
  return boundsOf(drawing.strokes.map((stroke) => stroke.points));
}

/** @param inkOf asked only where the ink is to fit the page */
function placementOn(paper: Size, page: PageSettings, size: Size, inkOf: () => Bounds): Placement {
  return page.fit === "page" ? fitToArea(inkOf(), page, inkArea(paper, page)) : trueSize(size, page, paper);
}

/** `x' = a x + c y + e`, `y' = b x + d y + f`. */
interface Placement {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/** Turned when it fits the envelope only so. */
function layPaper({ paper, envelope }: PageSettings): Size {
  return !fits(paper, envelope) && fits(turned(paper), envelope) ? turned(paper) : paper;
}

function turned({ widthMm, heightMm }: Size): Size {
  return { widthMm: heightMm, heightMm: widthMm };
}

function fits(inner: Size, outer: Size): boolean {
  return inner.widthMm <= outer.widthMm + SAME_SIZE_MM && inner.heightMm <= outer.heightMm + SAME_SIZE_MM;
}

function beyondReach(paper: Size, envelope: Size): string {
  return `the paper (${sizeText(paper)}) is larger than the machine reaches (${sizeText(envelope)})`;
}

function sizeText({ widthMm, heightMm }: Size): string {
  return `${Number(widthMm.toFixed(1))} x ${Number(heightMm.toFixed(1))} mm`;
}

/** Where ink may go. */
function inkArea(paper: Size, { marginMm, envelope }: PageSettings): Bounds {
  return {
    minX: marginMm,
    minY: marginMm,
    maxX: Math.min(paper.widthMm - marginMm, envelope.widthMm),
    maxY: Math.min(paper.heightMm - marginMm, envelope.heightMm),
  };
}

/** The drawing's page, turned, with its corner at the paper's. */
function trueSize(
  { widthMm: width, heightMm: height }: Size,
  { rotate, scale, origin }: PageSettings,
  paper: Size,
): Placement {
  const size = { widthMm: width * scale, heightMm: height * scale };
  const degrees = rotate === "auto" ? (!fits(size, paper) && fits(turned(size), paper) ? 90 : 0) : rotate;
  return rotatedBy(degrees, { minX: 0, minY: 0, maxX: width, maxY: height }, scale, origin.x, origin.y);
}

/** The ink as large as the area allows, in its middle. */
function fitToArea(ink: Bounds, { rotate, scale, origin }: PageSettings, area: Bounds): Placement {
  if (ink.minX > ink.maxX) return rotatedBy(0, { minX: 0, minY: 0, maxX: 0, maxY: 0 }, 1, origin.x, origin.y);
  const upright = scaleToFit(ink.maxX - ink.minX, ink.maxY - ink.minY, area);
  const sideways = scaleToFit(ink.maxY - ink.minY, ink.maxX - ink.minX, area);
  // A square turned gains nothing but rounding.
  const degrees = rotate === "auto" ? (sideways > upright * (1 + 1e-9) ? 90 : 0) : rotate;
  const fitted = degrees % 180 === 0 ? upright : sideways;
  const factor = (Number.isFinite(fitted) ? Math.max(0, fitted) : 1) * scale;
  const isSideways = degrees % 180 !== 0;
  const width = (isSideways ? ink.maxY - ink.minY : ink.maxX - ink.minX) * factor;
  const height = (isSideways ? ink.maxX - ink.minX : ink.maxY - ink.minY) * factor;
  const x = (area.minX + area.maxX - width) / 2 + origin.x;
  const y = (area.minY + area.maxY - height) / 2 + origin.y;
  return rotatedBy(degrees, ink, factor, x, y);
}

/** Infinity for a single point, which fits at any size. */
function scaleToFit(width: number, height: number, area: Bounds): number {
  return Math.min((area.maxX - area.minX) / width, (area.maxY - area.minY) / height);
}

/** Turns `box` clockwise, scales it and puts its corner at (x, y): by 90 degrees (x, y) becomes (height - y, x). */
function rotatedBy(degrees: number, box: Bounds, s: number, x: number, y: number): Placement {
  switch (degrees) {
    case 90:
      return { a: 0, b: s, c: -s, d: 0, e: x + s * box.maxY, f: y - s * box.minX };
    case 180:
      return { a: -s, b: 0, c: 0, d: -s, e: x + s * box.maxX, f: y + s * box.maxY };
    case 270:
      return { a: 0, b: -s, c: s, d: 0, e: x - s * box.minY, f: y + s * box.maxX };
    default:
      return { a: s, b: 0, c: 0, d: s, e: x - s * box.minX, f: y - s * box.minY };
  }
}

class Cutter {
  readonly #area: Bounds;
  readonly #envelope: Size;
  #cut = 0;
  #lost = 0;
  readonly #arena = new PointArena();
  #scratch = new Float64Array(1024);
  #kept = new Float64Array(1024);

  constructor(area: Bounds, envelope: Size) {
    this.#area = area;
    this.#envelope = envelope;
  }

  place(strokes: readonly Stroke[], placement: Placement): Stroke[] {
    const placed: Stroke[] = [];
    for (const stroke of strokes) {
      const points = this.#transform(stroke.points, placement);
      const { layer, color } = stroke;
      if (clampIfInside(points, this.#area)) {
        placed.push({ points, layer, color });
        continue;
      }
      const { pieces, wasCut } = clipToBox(points, this.#area);
      if (pieces.length === 0) this.#lost++;
      else if (wasCut) this.#cut++;
      for (const piece of pieces) placed.push({ points: piece, layer, color });
    }
    return placed;
  }

  notes(): string[] {
    const { minX, minY, maxX, maxY } = this.#area;
    const beyond =
      maxX >= this.#envelope.widthMm || maxY >= this.#envelope.heightMm
        ? "what the machine reaches"
        : minX > 0 || minY > 0
          ? "the paper inside its margin"
          : "the paper";
    const notes: string[] = [];
    const strokes = (count: number): string => (count === 1 ? "1 stroke" : `${count} strokes`);
    const were = (count: number): string => (count === 1 ? "was" : "were");
    if (this.#cut > 0)
      notes.push(`${strokes(this.#cut)} reached beyond ${beyond} and ${were(this.#cut)} cut`);
    if (this.#lost > 0)
      notes.push(`${strokes(this.#lost)} lay beyond ${beyond} and ${were(this.#lost)} left out`);
    return notes;
  }

  #transform(points: Float64Array, { a, b, c, d, e, f }: Placement): Float64Array {
    const { length } = points;
    if (length > this.#scratch.length) {
      this.#scratch = new Float64Array(length * 2);
      this.#kept = new Float64Array(length * 2);
    }
    const scratch = this.#scratch;
    for (let i = 0; i < length; i += 2) {
      const x = points[i]!;
      const y = points[i + 1]!;
      scratch[i] = a * x + c * y + e;
      scratch[i + 1] = b * x + d * y + f;
    }
    return this.#arena.copy(this.#kept, simplifyInto(scratch, length, SIMPLIFY_MM, this.#kept));
  }
}
