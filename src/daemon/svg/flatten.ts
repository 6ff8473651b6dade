import { PlottyError } from "../../shared/errors.ts";
import type { Polyline } from "../../shared/geometry.ts";
import { ellipseOfArc } from "./arc.ts";
import { largestStretch, type Matrix } from "./matrix.ts";
import type { PathSink } from "./path-sink.ts";
import { PointArena } from "./point-arena.ts";

/** Points of one drawing: far above any plot, low enough to stay within the memory a hostile file may take. */
export const MAX_POINTS = 10_000_000;
const MAX_DEPTH = 14;

export interface Outline {
  readonly points: Polyline;
  readonly closed: boolean;
}

/**
 * Turns shapes told in user units into polylines in mm. Curves are split until the polyline is within `toleranceMm` of
 * the true curve *after* the transform; end points of segments are exact.
 */
export class Flattener implements PathSink {
  readonly #tolerance: number;
  readonly #emit: (outline: Outline) => void;
  readonly #arena = new PointArena();
  #buffer = new Float64Array(1024);
  #length = 0;
  #total = 0;
  #m!: Matrix;
  #stretch = 1;
  /** Current point in user units (arcs need it) and in mm. */
  #userX = 0;
  #userY = 0;
  #x = 0;
  #y = 0;
  #startUserX = 0;
  #startUserY = 0;
  /** The subpath has a segment, be it of zero length; a lone `m` draws nothing. */
  #hasSegment = false;

  /** @param emit called with each finished subpath; one of a single point is a zero-length one */
  constructor(toleranceMm: number, emit: (outline: Outline) => void) {
    this.#tolerance = toleranceMm;
    this.#emit = emit;
  }

  /** Begins a shape. */
  begin(toMm: Matrix): void {
    this.#m = toMm;
    this.#stretch = largestStretch(toMm);
    this.#length = 0;
  }

  /** Ends the shape: the last subpath is told. */
  end(): void {
    this.#finish(false);
  }

  moveTo(x: number, y: number): void {
    this.#finish(false);
    this.#goTo(x, y);
    this.#startUserX = x;
    this.#startUserY = y;
    this.#push(this.#x, this.#y);
    this.#hasSegment = false;
  }

  lineTo(x: number, y: number): void {
    this.#hasSegment = true;
    this.#goTo(x, y);
    this.#push(this.#x, this.#y);
  }

  quadTo(x1: number, y1: number, x: number, y: number): void {
    const fromX = this.#userX;
    const fromY = this.#userY;
    this.cubicTo(
      fromX + (2 / 3) * (x1 - fromX),
      fromY + (2 / 3) * (y1 - fromY),
      x + (2 / 3) * (x1 - x),
      y + (2 / 3) * (y1 - y),
      x,
      y,
    );
  }

  cubicTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    const { a, b, c, d, e, f } = this.#m;
    const ax = this.#x;
    const ay = this.#y;
    this.#hasSegment = true;
    this.#goTo(x, y);
    const bx = a * x1 + c * y1 + e;
    const by = b * x1 + d * y1 + f;
    const cx = a * x2 + c * y2 + e;
    const cy = b * x2 + d * y2 + f;
    const tolerance = this.#toleranceAt(
      Math.abs(ax - bx) + Math.abs(ay - by) + Math.abs(ax - cx) + Math.abs(ay - cy),
    );
    this.#split(ax, ay, bx, by, cx, cy, this.#x, this.#y, tolerance, 0);
    this.#push(this.#x, this.#y);
  }

  arcTo(rx: number, ry: number, turnDeg: number, large: boolean, sweep: boolean, x: number, y: number): void {
    if (x === this.#userX && y === this.#userY) return;
    const arc = ellipseOfArc(this.#userX, this.#userY, rx, ry, turnDeg, large, sweep, x, y);
    if (!arc) {
      this.lineTo(x, y);
      return;
    }
    const { a, b, c, d, e, f } = this.#m;
    const radiusMm = Math.max(arc.rx, arc.ry) * this.#stretch;
    const pieces = arcPieces(radiusMm, arc.sweepRad, this.#toleranceAt(radiusMm));
    const cosTurn = Math.cos(arc.turnRad);
    const sinTurn = Math.sin(arc.turnRad);
    for (let i = 1; i < pieces; i++) {
      const angle = arc.startRad + (arc.sweepRad * i) / pieces;
      const u = arc.rx * Math.cos(angle);
      const v = arc.ry * Math.sin(angle);
      const px = arc.cx + cosTurn * u - sinTurn * v;
      const py = arc.cy + sinTurn * u + cosTurn * v;
      this.#push(a * px + c * py + e, b * px + d * py + f);
    }
    this.lineTo(x, y);
  }

  close(): void {
    if (this.#length === 0) return;
    const { a, b, c, d, e, f } = this.#m;
    this.#userX = this.#startUserX;
    this.#userY = this.#startUserY;
    this.#x = a * this.#userX + c * this.#userY + e;
    this.#y = b * this.#userX + d * this.#userY + f;
    this.#hasSegment = true;
    this.#push(this.#buffer[0]!, this.#buffer[1]!);
    this.#finish(true);
  }

  /** Something drawn across kilometres needs no more points than its size in tolerances is worth. */
  #toleranceAt(sizeMm: number): number {
    return Math.max(this.#tolerance, sizeMm * 2e-7);
  }

  #goTo(x: number, y: number): void {
    const { a, b, c, d, e, f } = this.#m;
    this.#userX = x;
    this.#userY = y;
    this.#x = a * x + c * y + e;
    this.#y = b * x + d * y + f;
  }

  /** Pushes the inner points of a cubic, de Casteljau at the middle; the end point is the caller's. */
  #split(
    ax: number,
    ay: number,
    bx: number,
    by: number,
    cx: number,
    cy: number,
    dx: number,
    dy: number,
    tolerance: number,
    depth: number,
  ): void {
    if (depth >= MAX_DEPTH || isFlat(ax, ay, bx, by, cx, cy, dx, dy, tolerance)) return;
    const abx = (ax + bx) / 2;
    const aby = (ay + by) / 2;
    const bcx = (bx + cx) / 2;
    const bcy = (by + cy) / 2;
    const cdx = (cx + dx) / 2;
    const cdy = (cy + dy) / 2;
    const abcx = (abx + bcx) / 2;
    const abcy = (aby + bcy) / 2;
    const bcdx = (bcx + cdx) / 2;
    const bcdy = (bcy + cdy) / 2;
    const midX = (abcx + bcdx) / 2;
    const midY = (abcy + bcdy) / 2;
    this.#split(ax, ay, abx, aby, abcx, abcy, midX, midY, tolerance, depth + 1);
    this.#push(midX, midY);
    this.#split(midX, midY, bcdx, bcdy, cdx, cdy, dx, dy, tolerance, depth + 1);
  }

  #push(x: number, y: number): void {
    const i = this.#length;
    const buffer = this.#buffer;
    // Points that fall together say nothing.
    if (i >= 2 && buffer[i - 2] === x && buffer[i - 1] === y) return;
    if (i + 2 > buffer.length) this.#grow();
    this.#buffer[i] = x;
    this.#buffer[i + 1] = y;
    this.#length = i + 2;
  }

  #grow(): void {
    if (this.#total + this.#length / 2 > MAX_POINTS) throw tooManyPoints();
    const larger = new Float64Array(this.#buffer.length * 2);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }

  #finish(closed: boolean): void {
    if (this.#length === 0) return;
    this.#total += this.#length / 2;
    if (this.#total > MAX_POINTS) throw tooManyPoints();
    if (this.#hasSegment) this.#emit({ points: this.#arena.copy(this.#buffer, this.#length), closed });
    this.#length = 0;
  }
}

function tooManyPoints(): PlottyError {
  return new PlottyError(
    "svg.too-complex",
    `the drawing has more than ${MAX_POINTS / 1e6} million points: split it into several files`,
    { maxPoints: MAX_POINTS },
  );
}

/**
 * A cubic is as flat as its chord when both control points lie beside the chord and near it: the curve then stays within
 * 3/4 of the larger distance (4/9 when they lie on different sides). Otherwise the distance of the control points from
 * thirds of the chord bounds it, which also holds for cusps and loops.
 */
function isFlat(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
  tolerance: number,
): boolean {
  const chordX = dx - ax;
  const chordY = dy - ay;
  const chord2 = chordX * chordX + chordY * chordY;
  if (chord2 > 0) {
    const alongB = ((bx - ax) * chordX + (by - ay) * chordY) / chord2;
    const alongC = ((cx - ax) * chordX + (cy - ay) * chordY) / chord2;
    if (alongB >= 0 && alongB <= 1 && alongC >= 0 && alongC <= 1) {
      const offB = (bx - ax) * chordY - (by - ay) * chordX;
      const offC = (cx - ax) * chordY - (cy - ay) * chordX;
      const share = offB * offC >= 0 ? 0.75 : 4 / 9;
      const off = share * Math.max(Math.abs(offB), Math.abs(offC));
      return off * off <= tolerance * tolerance * chord2;
    }
  }
  const ux = Math.max(Math.abs(3 * bx - 2 * ax - dx), Math.abs(3 * cx - ax - 2 * dx));
  const uy = Math.max(Math.abs(3 * by - 2 * ay - dy), Math.abs(3 * cy - ay - 2 * dy));
  return ux * ux + uy * uy <= 16 * tolerance * tolerance;
}

/** Pieces of an arc so that a chord leaves it by at most the tolerance: `r (1 - cos(step / 2))`. */
function arcPieces(radiusMm: number, sweepRad: number, tolerance: number): number {
  if (!(radiusMm > 0)) return 1;
  const step = 2 * Math.acos(Math.max(0, 1 - tolerance / radiusMm));
  return Math.max(1, Math.ceil(Math.abs(sweepRad) / Math.max(step, 1e-3)));
}
